"""Dates and numbers as the reader's language writes them: BE in Thai, CE in Lao and English."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from cases import dates, numbers

register = template.Library()


@register.filter
def era_date(value: date | datetime | None) -> str:
    """23 พฤศจิกายน 2569, 23 ພະຈິກ 2026, 23 November 2026. Nothing for None."""
    return dates.format_date(_day(value), style="long") if value else ""


@register.filter
def era_date_short(value: date | datetime | None) -> str:
    """23 พ.ย. 2569, 23 ພ.ຈ. 2026, 23 Nov 2026. Nothing for None."""
    return dates.format_date(_day(value), style="short") if value else ""


@register.filter
def era_month(value: date | None) -> str:
    """พ.ย. 2569, ພ.ຈ. 2026, Nov 2026. Nothing for None."""
    return dates.format_month(value) if value else ""


@register.filter
def era_datetime(value: datetime | None) -> str:
    """An aware time in the office's time zone: 23 พ.ย. 2569 14:05 น. Nothing for None."""
    return dates.format_datetime(value) if value else ""


@register.filter
def number(value: int | Decimal | None) -> str:
    """1,234.50 in Thai and English, 1.234,50 in Lao. Nothing for None."""
    return "" if value is None else numbers.format_number(value)


def _day(value: date | datetime) -> date:
    """A time's day in the office: an evening in UTC is already tomorrow here."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
