"""What templates write often: an icon, a capped count, today in full."""

from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.dates import format_date

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
def long_day(value: datetime) -> str:
    """The day of a moment with its weekday, in full: วันจันทร์ที่ 24 พฤศจิกายน 2568."""
    day = timezone.localdate(value)
    words = {"weekday": date_format(day, "l"), "day": format_date(day)}
    return _("%(weekday)s %(day)s") % words


@register.filter
def capped(count: int, cap: int = COUNT_CAP) -> str:
    """A count as badges show it: 999+ beyond 999, or as far as `cap` (DESIGN 4)."""
    return f"{cap}+" if count > cap else str(count)
