"""Parts that several pages show alike: a due date, a decision, a document, what was recorded."""

from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from cases import calendar, clock, contents
from cases.dates import format_date
from cases.eras import format_year
from cases.model_fields import YearField
from cases.models import Case, Deadline, Decision, Document, WorkItem
from cases.numbers import format_number

SOON_DAYS = 3  # working days: "due soon" from the first reminder on (handbook 4.3)


def due(item: WorkItem) -> dict[str, Any]:
    """due_on, due_state (ok, soon, today, late) and late_days (working days) of a work item.

    Late is counted from the next working day, where the due day is a day off (handbook 3.4).
    """
    today = clock.today()
    return {"due_on": item.due_on, **due_state(item.due_on, today, item.area_id)}


def due_state(due_on: date | None, today: date, place: str) -> dict[str, Any]:
    """How a due date stands today; late_days are working days, as in the messages."""
    if due_on is None:
        return {"due_state": "", "late_days": 0}
    if due_on < calendar.last_working_day(place, today):
        late = calendar.working_days_between(place, due_on, today)
        return {"due_state": "late", "late_days": late}
    if due_on <= today:
        return {"due_state": "today", "late_days": 0}
    left = calendar.working_days_between(place, today, due_on)
    return {"due_state": "soon" if left <= SOON_DAYS else "ok", "late_days": 0}


def why_url(case: Case, deadline: Deadline | None) -> str:
    """Where it stands why `deadline` is due on its day; nothing for none."""
    return reverse("deadline", args=[case.number, deadline.pk]) if deadline else ""


def decision(made: Decision, case: Case) -> dict[str, Any]:
    """One decision with its defects, which are expected to be prefetched."""
    substituted = made.post.acting_for
    acting = _("acting for %(name)s") % {"name": substituted.user} if substituted else ""
    back_to = contents.pick(contents.step_texts(case, made.returned_to))
    return {
        "outcome": made.outcome,
        "outcome_label": made.get_outcome_display(),
        "who": str(made.decided_by),
        "role_label": made.get_role_display(),
        "acting_label": acting,
        "at": made.decided_at,
        "reason": made.reason,
        "return_to": back_to if made.returned_to else "",
        "defects": [
            {"text": d.text, "mended": bool(d.mended_at), "mended_note": d.mended_note}
            for d in made.defects.all()
        ],
    }


def document(kept: Document, case: Case) -> dict[str, Any]:
    """One kept file, with where to see it."""
    url = reverse("document", args=[case.number, kept.pk])
    return {
        "title": kept.name,
        "name": kept.name,
        "url": url,
        "thumb_url": reverse("thumbnail", args=[case.number, kept.pk]) if kept.thumbnail else "",
        "kind": contents.pick(contents.step_texts(case, kept.step)),
        "size": kept.size,
        "uploaded_by": str(kept.uploaded_by),
        "at": kept.uploaded_at,
    }


def facts(case: Case, names: tuple[str, ...]) -> list[dict[str, str]]:
    """What was recorded in the columns `names`, in words; empty ones are left out."""
    found = []
    for name in names:
        column: Any = case._meta.get_field(name)
        value = getattr(case, name)
        if value not in (None, ""):
            found.append(
                {"label": str(column.verbose_name), "value": _written(case, column, value)}
            )
    return found


def _written(case: Case, column: models.Field, value: Any) -> str:
    if column.choices:
        return str(getattr(case, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return _("Yes") if value else _("Not yet")
    if isinstance(value, date):
        return format_date(value)
    if isinstance(column, YearField):
        return format_year(value)
    if isinstance(column, models.DecimalField):
        return format_number(value)
    return str(value)
