"""What templates write often: an icon, and dates as the reader's country writes them."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

BUDDHIST_ERA = 543  # years ahead of the Common Era (handbook 3.4)
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


def written(value: date, pattern: str) -> str:
    """`value` in Django's date `pattern` and its year: Buddhist era for Thai readers."""
    year = value.year + (BUDDHIST_ERA if get_language() == "th" else 0)
    return f"{date_format(value, pattern)} {year}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A date, short: 24 พ.ย. 2568, 24 Nov 2025. Nothing for None."""
    return written(_local(value), "j M") if value else ""


@register.filter
def long_day(value: date | datetime | None) -> str:
    """A date with its weekday, in full: จันทร์ 24 พฤศจิกายน 2568. Nothing for None."""
    return written(_local(value), "l j F") if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A date and time of day in the office's time zone: 24 พ.ย. 2568 09:05."""
    return f"{day(value)} {_local(value):%H:%M}" if value else ""


@register.filter
def capped(count: int) -> str:
    """A count as badges show it: 999+ beyond 999 (DESIGN 4)."""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


def _local(value: date | datetime) -> date | datetime:
    """A moment as its local one, so that an evening in UTC is already tomorrow here."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value
