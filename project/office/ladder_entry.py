"""A ladder as it is being typed: from the one in force, and from what a page sent.

Rungs are added and taken away by buttons of the page; what was typed stays, also half filled.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Self

from django.forms import Form
from django.utils.translation import gettext as _

from cases import rungs
from cases.models import Ladder, Rung
from cases.rungs import MOST_RUNGS, Quiet
from project.office.ladder_forms import LadderForm, Offered, RungForm
from project.office.settings_forms import MOST_TOLD

_NAME = re.compile(r"rungs-(0|[1-9]\d?)-([a-z_0-9]+)", re.ASCII)

Raw = Mapping[str, str]
"""What a page sent, by the names of its fields."""


class LadderEntry:
    """The form of the ladder and one for each rung, in their order."""

    def __init__(self, form: LadderForm, rungs: list[RungForm]) -> None:
        self.form, self.rungs = form, rungs

    @classmethod
    def of(cls, ladder: Ladder, offered: Offered) -> Self:
        """To change `ladder`: nothing is typed yet."""
        its = list(ladder.rungs.all())
        unit = "days" if any(rung.offset_days for rung in its) else "working_days"
        hours = {"quiet_from": ladder.quiet_from, "quiet_to": ladder.quiet_to}
        return cls(
            LadderForm(initial={"unit": unit, **hours}),
            [
                RungForm(prefix=f"rungs-{n}", initial=_initial(rung), offered=offered)
                for n, rung in enumerate(its)
            ],
        )

    @classmethod
    def typed(cls, sent: Raw, offered: Offered, *, add: bool = False, remove: str = "") -> Self:
        """As it was typed, not judged yet; with one more rung, or without the rung `remove`."""
        numbers = [number for number in _numbers(sent) if str(number) != remove]
        given = [_of_rung(sent, number) for number in numbers]
        if add and len(given) < MOST_RUNGS:
            given.append({})
        its = [
            RungForm(prefix=f"rungs-{n}", initial=initial, offered=offered)
            for n, initial in enumerate(given)
        ]
        return cls(LadderForm(initial={name: sent[name] for name in sent}), its)

    @classmethod
    def sent(cls, sent: Any, offered: Offered) -> Self:
        """To be judged: `is_valid` says whether it is a ladder."""
        its = [RungForm(sent, prefix=f"rungs-{n}", offered=offered) for n in _numbers(sent)]
        return cls(LadderForm(sent), its)

    @property
    def is_full(self) -> bool:
        """Whether no rung may be added."""
        return len(self.rungs) >= MOST_RUNGS

    def is_valid(self) -> bool:
        """Whether each part is right, there is a rung at all, and none hides another one."""
        parts = [self.form.is_valid(), *(rung.is_valid() for rung in self.rungs)]
        return all(parts) and bool(self.rungs) and not self._hide()

    def errors(self) -> list[dict[str, str]]:
        """What is wrong in any part, for the page's summary; call after `is_valid`."""
        told = field_errors(self.form)
        for number, rung in enumerate(self.rungs, 1):
            told += field_errors(rung, _("Rung %(number)s") % {"number": number})
        if not self.rungs:
            told.append({"text": _("A ladder has one rung at least."), "url": "#add-rung"})
        return told

    def in_order(self) -> list[Rung]:
        """The rungs by their day, not written; call when all is valid."""
        return rungs.parse(self.entries(), people=True)

    def entries(self) -> list[dict[str, Any]]:
        """The rungs as `cases.rungs.parse` takes them; call when all is valid."""
        unit = self.form.cleaned_data["unit"]
        return [rung.entry(unit) for rung in self.rungs]

    def quiet(self) -> Quiet | None:
        """The quiet hours as entered, None for none; call when all is valid."""
        begins = self.form.cleaned_data["quiet_from"]
        return (begins, self.form.cleaned_data["quiet_to"]) if begins is not None else None

    def _hide(self) -> bool:
        """Tell rungs of which another one leaves nothing; whether there were any.

        As `rungs.parse` refuses them, in the reader's language and beside the entry.
        """
        unit = self.form.cleaned_data["unit"]
        pairs = sorted(((form.entry(unit), form) for form in self.rungs), key=lambda p: p[0][unit])
        for (entry, form), (following, later) in pairwise(pairs):
            apart = following[unit] - entry[unit]
            if apart == 0 and _receiver(entry) == _receiver(following):
                later.add_error("tell", _("Another rung tells the same people on the same day."))
            elif "every" in entry and (
                apart == 0 or (unit == "working_days" and apart <= entry["every"])
            ):
                form.add_error("every", _("The next rung comes before anybody is told again."))
        return any(form.errors for form in self.rungs)


def field_errors(form: Form, where: str = "") -> list[dict[str, str]]:
    """The errors of a form, each with a link to its field, as the summary takes them."""
    return [
        {
            "text": ": ".join(filter(None, (where, str(field.label), str(error)))),
            "url": f"#{field.id_for_label}",
        }
        for field in form
        for error in field.errors
    ]


def _receiver(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(entry.get(name) for name in ("tell", "above", "role", "people"))


def _initial(rung: Rung) -> dict[str, Any]:
    """The entries of a rung's form that make `rung`."""
    days = rung.offset_days or rung.offset_working_days
    people = {f"person_{number}": pk for number, pk in enumerate(rung.people[:MOST_TOLD], 1)}
    return {
        "when": "AFTER" if days > 0 else "BEFORE" if days else "ON",
        "days": abs(days) or None,
        "tell": rung.receiver,
        "above": rung.above or None,
        "role": rung.role,
        "template": rung.template,
        "channel": rung.channel,
        "every": rung.repeat_working_days or None,
        "times": rung.repeat_limit or None,
        "urgent": rung.urgent,
        **people,
    }


def _numbers(sent: Raw) -> list[int]:
    """The numbers of the rungs that the page sent."""
    found = {int(match[1]) for match in map(_NAME.fullmatch, sent) if match}
    return sorted(found)[:MOST_RUNGS]


def _of_rung(sent: Raw, number: int) -> dict[str, str]:
    """The raw entries of one rung, under the names of its form."""
    matches = ((name, match) for name in sent if (match := _NAME.fullmatch(name)))
    return {match[2]: sent[name] for name, match in matches if int(match[1]) == number}
