"""More time for a deadline on its page: what was asked, and what the visitor may do."""

from typing import Any

from django import forms

from cases.due import unit_of
from cases.models import Deadline, Extension, User
from workflows import extension_rights
from workflows.forms import AnswerForm, MoreTimeForm
from workflows.pages import rule_words


def context(user: User, deadline: Deadline, form: Any, initial: dict[str, str]) -> dict[str, Any]:
    """`form` is the one that was refused, if any; `initial` what was typed before signing in."""
    kept = list(deadline.extensions.select_related("asked_by", "decided_by"))
    for extension in kept:
        extension.deadline = deadline
    waiting = next((each for each in kept if each.granted is None), None)
    may_answer = waiting is not None and extension_rights.may_answer(user, waiting)
    may_ask = waiting is None and extension_rights.may_ask(user, deadline)
    return {
        "form": form,
        "extensions": [_told(extension, deadline) for extension in kept],
        "waiting": waiting,
        "ask": _form(MoreTimeForm, form, initial) if may_ask else None,
        "answer": _form(AnswerForm, form, initial) if may_answer else None,
        "most": _days(extension_rights.days_left(deadline), deadline) if may_ask else "",
    }


def _told(extension: Extension, deadline: Deadline) -> dict[str, Any]:
    return {
        "days": _days(extension.days, deadline),
        "asked_by": str(extension.asked_by),
        "asked_at": extension.asked_at,
        "reason": extension.reason,
        "granted": extension.granted,
        "decided_by": str(extension.decided_by or ""),
        "decided_at": extension.decided_at,
        "answer": extension.answer,
    }


def _days(n: int, deadline: Deadline) -> str:
    return rule_words.days(n, unit_of(deadline.rule))


def _form(kind: type[forms.Form], form: Any, initial: dict[str, str]) -> Any:
    if isinstance(form, kind):
        return form
    prefix = f"{kind.prefix}-"
    return kind(initial={n.removeprefix(prefix): v for n, v in initial.items() if prefix in n})
