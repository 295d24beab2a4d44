"""What a change of the calendar would move, in words: where, at which step, whose."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases import contents
from cases.calendar_preview import SHOWN, Preview
from cases.models import Area, Case, User


def context(found: Preview, user: User) -> dict[str, Any]:
    """The preview for its page: six queries and one a procedure."""
    areas = Area.objects.in_bulk([code for code, _n in found.places.most_common(SHOWN)])
    people = _people(found)
    titles = {step: _step(*step) for step, _n in found.steps.most_common(SHOWN)}
    titles |= {step: _step(*step) for m in found.first if (step := (m.row.procedure, m.row.step))}
    nobody = _("nobody yet")
    return {
        "preview": found,
        "more": max(found.moved - SHOWN, 0),
        "counts": [
            _counts(_("By district"), found.places, lambda c: areas[c].name if c in areas else c),
            _counts(_("By step"), found.steps, titles.__getitem__),
            _counts(_("By person"), found.people, lambda pk: people.get(pk, nobody)),
        ],
        "first": _first(found, user, titles, people),
    }


def _counts(title: str, counter: Counter[Any], name: Any) -> dict[str, Any]:
    """The SHOWN most frequent, and how many others there are."""
    rows = [{"name": name(key), "count": count} for key, count in counter.most_common(SHOWN)]
    return {"title": title, "rows": rows, "more": max(len(counter) - SHOWN, 0)}


def _people(found: Preview) -> dict[int | None, str]:
    named = [pk for pk, _n in found.people.most_common(SHOWN)]
    named += [move.row.owner for move in found.first]
    known = User.objects.filter(pk__in={pk for pk in named if pk is not None})
    return {user.pk: str(user) for user in known}


def _step(procedure: str, step: str) -> str:
    """The title of a step or span, with its procedure's code where several may have the same."""
    body = contents.current(procedure).body
    texts = body.get("steps", {}).get(step) or body.get("spans", {}).get(step) or {}
    return f"{contents.pick(texts.get('title', texts)) or step} ({procedure})"


def _first(
    found: Preview, user: User, titles: dict[Any, str], people: dict[int | None, str]
) -> list[dict[str, Any]]:
    """Those that are due first; a link for who may read the case."""
    cases = [move.row.case for move in found.first]
    numbers = dict(Case.objects.filter(pk__in=cases).values_list("pk", "number"))
    seen = Case.objects.visible_to(user).filter(pk__in=cases)
    readable = set(seen.values_list("pk", flat=True))
    return [
        {
            "number": numbers[move.row.case],
            "url": _url(numbers[move.row.case], move.row.pk) if move.row.case in readable else "",
            "step": titles[move.row.procedure, move.row.step],
            "who": people.get(move.row.owner, ""),
            "old": move.row.due_on,
            "new": move.due_on,
        }
        for move in found.first
    ]


def _url(number: str, pk: int) -> str:
    return reverse("deadline", args=[number, pk])
