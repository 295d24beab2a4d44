"""What the page "Why is it due on this date?" shows of one deadline (DESIGN 4)."""

from typing import Any

from django.urls import reverse

from cases import clock, contents, escalation_log
from cases.models import Case, Deadline, User
from workflows.pages import deadline_days, ledger_words, more_time, parts
from workflows.pages.step import case_head


def context(
    user: User, case: Case, deadline: Deadline, form: Any, initial: dict[str, str]
) -> dict[str, Any]:
    """Everything on the page; `deadline` comes with its work item and that one's owner.

    `form` and `initial` are of the forms about more time, see `more_time.context`.
    """
    today = clock.today()
    return {
        "case": case_head(case),
        "title": title(case, deadline),
        "deadline": deadline,
        "due": state(deadline),
        "step_url": _step_url(case, deadline),
        "story": ledger_words.told(deadline, case),
        "months": deadline_days.months(deadline, today),
        "weekdays": deadline_days.weekdays(),
        "legend": deadline_days.legend(deadline),
        "proof": escalation_log.proof(deadline),
        **more_time.context(user, deadline, form, initial),
    }


def title(case: Case, deadline: Deadline) -> str:
    """What is due: the step, or the span of the case that the deadline is named after."""
    name = deadline.work_item.step if deadline.work_item is not None else deadline.name
    return contents.pick(contents.step_texts(case, name))


def state(deadline: Deadline) -> dict[str, Any]:
    """due_on, due_state and late_days of a running deadline; of a closed one the day alone."""
    if deadline.closed_at is not None:
        return {"due_on": deadline.due_on, "due_state": "", "late_days": 0}
    place, today = deadline.case.area_id, clock.today()
    return {"due_on": deadline.due_on, **parts.due_state(deadline.due_on, today, place)}


def _step_url(case: Case, deadline: Deadline) -> str:
    item = deadline.work_item
    return reverse("step", args=[case.number, item.pk]) if item is not None and item.role else ""
