"""What templates write often: an icon, a capped count, and dates as the reader writes them."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.dates import format_date, format_datetime

register = template.Library()

COUNT_CAP = 999


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon `name` of scripts/vendor/icons.txt; hidden from screen readers without `label`."""
    sprite = static("vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            *(label, sprite, name),
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        *(sprite, name),
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """A date, short: 24 พ.ย. 2568, 24 Nov 2025. Nothing for None."""
    return format_date(_date(value), style="short") if value else ""


@register.filter
def long_day(value: date | datetime | None) -> str:
    """A date with its weekday, in full: จันทร์ 24 พฤศจิกายน 2568. Nothing for None."""
    return f"{date_format(_date(value), 'l')} {format_date(_date(value))}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A date and time of day in the office's time zone: 24 พ.ย. 2568 09:05 น."""
    return format_datetime(value) if value else ""


@register.filter
def capped(count: int) -> str:
    """A count as badges show it: 999+ beyond 999 (DESIGN 4)."""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


def _date(value: date | datetime) -> date:
    """The day that a moment is in the office's time zone: an evening in UTC is tomorrow here."""
    return timezone.localdate(value) if isinstance(value, datetime) else value
