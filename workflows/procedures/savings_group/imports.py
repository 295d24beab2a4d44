"""Foundings that were begun on paper, as a file (handbook 5.1)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.imports.columns import Line
from cases.models import Area, Party
from cases.text import name_key
from workflows.imports import STEP, VILLAGE, RunningCases
from workflows.procedures.savings_group import group
from workflows.procedures.savings_group.flows import SavingsGroupFlow
from workflows.takeovers import Takeover
from workflows.ways import Way, ways

# Without these there are no rules to adopt (handbook 5.1, 2.5).
_RULES = ("deposit_day", "minimum_deposit", "interest_rate", "interest_period")


class RunningFoundings(RunningCases):
    """Foundings up to the enrolment, and those whose group stands in the register already.

    Between the two the members and committees are recorded, line by line and by their own
    guards: a founding that is just there comes in at the enrolment.
    """

    code = "foundings"
    title = gettext_lazy("Running foundings of savings groups")
    hint = gettext_lazy(
        "Foundings that have begun on paper, each at the step where it stands. For one that is "
        "being followed up, import its group first."
    )
    procedure = SavingsGroupFlow

    def reachable(self) -> Sequence[Way]:
        known: Any = ways
        return [*super().reachable(), *(w for w in known(self.procedure).values() if _founded(w))]

    def load(self, lines: Iterable[Line]) -> None:
        super().load(lines)
        standing = Party.objects.filter(
            kind=Party.Kind.SAVINGS_GROUP, status=Party.Status.ACTIVE, area_id__in=self.areas
        )
        self._groups: dict[str, list[Party]] = {}
        for party in standing.order_by("pk"):
            self._groups.setdefault(str(party.area_id), []).append(party)

    def check(self, line: Line) -> None:
        super().check(line)
        way = self.ways.get(line.get(STEP) or "")
        if way is None or not _founded(way) or VILLAGE in line.faults:
            return
        party = self._group_of(line)
        if party is None and self._here(line):
            line.refuse("group_name", _("Several savings groups stand here: write its name."))
        elif party is None:
            line.refuse(VILLAGE, _("No savings group of this village stands in the register."))
        elif not (party.founded_on or line.get("meeting_on")):
            line.refuse("meeting_on", _("Write on which day the group was founded."))

    def faults_of(self, line: Line, way: Way, area: Area) -> list[tuple[str, str]]:
        """Of a group that stands, only what the line says has to be right."""
        found = super().faults_of(line, way, area)
        if not _founded(way):
            return found
        return [(name, words) for name, words in found if line.get(name) not in (None, "")]

    def takeover(self, line: Line, area: Area, **more: Any) -> Takeover:
        taken = super().takeover(line, area, **more)
        if _founded(taken.way) and (party := self._group_of(line)):
            taken.party = party
            taken.values.setdefault("group_name", party.name)
            taken.values.setdefault("meeting_on", party.founded_on)
        return taken

    def settle(self, cases: list[Any]) -> None:
        """The rules that the members have drafted, of groups that have none here yet."""
        for case in cases:
            complete = all(getattr(case, name) not in (None, "") for name in _RULES)
            if case.state == "founded" and complete and not case.party.rules.exists():
                group.write_rules(case)

    def _here(self, line: Line) -> list[Party]:
        return self._groups.get(line.get(VILLAGE) or "", [])

    def _group_of(self, line: Line) -> Party | None:
        """The group that the line is about: the one of its name, or the only one there is."""
        here, name = self._here(line), line.get("group_name")
        if name:
            here = [party for party in here if name_key(party.name) == name_key(name)]
        return here[0] if len(here) == 1 else None


def _founded(way: Way) -> bool:
    """Whether the group stands in the register before this step."""
    return way.state == "founded"
