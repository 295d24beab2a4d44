"""The days of a deadline as a small calendar: a grid a month, each day marked and named."""

from calendar import SUNDAY, Calendar
from datetime import date, timedelta
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import account, contents
from cases.account import Day, What
from cases.dates import format_date
from cases.eras import format_year, language_code
from cases.models import Deadline
from cases.months import MONTHS
from cases.periods import months_through

MOST_MONTHS = 14  # a year and the months at its ends; what is longer shows its last months
LATE_DAYS = 62  # after the due day, so that today is seen where it is not far away

_WEEKS = Calendar(SUNDAY)  # as calendars hang in Thai and Lao offices
_LABELS = {
    What.START: gettext_lazy("the day on which it began"),
    What.COUNTED: gettext_lazy("counts"),
    What.WEEKEND: gettext_lazy("weekend, does not count"),
    What.HOLIDAY: gettext_lazy("holiday, does not count"),
    What.PAUSED: gettext_lazy("paused, does not count"),
}
_ALSO = {"due": gettext_lazy("due"), "today": gettext_lazy("today")}
_MARKS = {What.START: "▸", What.COUNTED: "1", What.HOLIDAY: "×", What.PAUSED: "‖"}


def months(deadline: Deadline, today: date) -> list[dict[str, Any]]:
    """The months from the start to the due day, and to today where that is soon after."""
    known = {day.on: day for day in account.days(deadline)}
    marks = {deadline.due_on: ["due"]}
    marks.setdefault(today, []).append("today")
    end = deadline.due_on
    if end < today <= end + timedelta(days=LATE_DAYS) and deadline.closed_at is None:
        end = today
    shown = list(months_through(deadline.started_on, end))[-MOST_MONTHS:]
    return [
        {
            "id": f"month-{month:%Y-%m}",
            "name": f"{MONTHS[language_code()][month.month - 1]} {format_year(month.year)}",
            "weeks": [
                [_cell(day, known, marks) if day.month == month.month else None for day in week]
                for week in _WEEKS.monthdatescalendar(month.year, month.month)
            ],
        }
        for month in shown
    ]


def weekdays() -> list[str]:
    """Short names of the days of the week, Sunday first."""
    return [str(WEEKDAYS_ABBR[number]) for number in _WEEKS.iterweekdays()]


def legend(deadline: Deadline) -> list[dict[str, str]]:
    """What the marks mean, those that occur."""
    found = [day.what for day in account.days(deadline)]
    marks = [
        {"css": f"span-{what}", "mark": _MARKS.get(what, ""), "text": str(label)}
        for what, label in _LABELS.items()
        if what in found
    ]
    return marks + [
        {"css": f"span-{name}", "mark": "", "text": str(label)} for name, label in _ALSO.items()
    ]


def _cell(day: date, known: dict[date, Day], marks: dict[date, list[str]]) -> dict[str, Any]:
    """One day: `css` and `mark` say what it is to the eye, `label` in words."""
    found, also = known.get(day), marks.get(day, [])
    css, said, mark = [f"span-{each}" for each in also], [str(_ALSO[each]) for each in also], ""
    if found is not None and found.what in _LABELS:
        css.insert(0, f"span-{found.what}")
        said.insert(0, _said(found))
        mark = str(found.number or _MARKS.get(found.what, ""))
    label = f"{format_date(day)}: {', '.join(said)}" if said else ""
    return {"number": day.day, "css": " ".join(css), "mark": mark, "label": label}


def _said(day: Day) -> str:
    name = contents.pick(dict(day.names)) if day.names else ""
    if day.number:
        return _("counts, day %(n)s") % {"n": day.number}
    return f"{_LABELS[day.what]} ({name})" if name else str(_LABELS[day.what])
