"""Taking over cases that run already: each is set down at a named step (handbook 5, 8 rule 1).

Nothing is invented: the steps before have no work items, their fields hold what the file gives.
What a later step will ask for and nobody could mend any more has to be in the file. Deadlines
begin today, and nobody is told of hundreds of cases at once: the ladders remind.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import clock, contents, fields, people
from cases.contact_fields import LoginField
from cases.imports.columns import ChoiceCell, CodeCell, Column, DateCell, Line, YearCell
from cases.imports.kinds import Kind, Outcome
from cases.models import Area, Case, Post, ProcedureContent, User
from cases.models.area import prefixes
from workflows.forms import form_field
from workflows.procedure import Procedure
from workflows.steps import Wait
from workflows.takeovers import Takeover, set_down
from workflows.ways import Way, enterable

VILLAGE, STEP, OPENED_ON, OFFICER = "village", "step", "opened_on", "officer"
_YES_NO = ((True, gettext_lazy("Yes")), (False, gettext_lazy("Not yet")))


class RunningCases(Kind):
    """One line a case of `procedure`, in a village where none runs."""

    procedure: ClassVar[type[Procedure]]

    @cached_property
    def ways(self) -> dict[str, Way]:
        """Where a case may be set down, by the step's name."""
        return {way.step.name: way for way in self.reachable()}

    def reachable(self) -> Sequence[Way]:
        """The ways at whose end a case may be set down, in the procedure's order."""
        return enterable(self.procedure)

    @cached_property
    def content(self) -> ProcedureContent:
        """The texts and numbers that cases which are taken over keep, as if begun now."""
        return contents.current(self.procedure.code)

    def declare(self) -> Sequence[Column]:
        steps = [(name, _title(self.content, name)) for name in self.ways]
        return (
            Column(
                VILLAGE,
                gettext_lazy("Village code"),
                CodeCell(self.country, (6, 8)),
                example="42030101",
                more=("village", "รหัสหมู่บ้าน", "ລະຫັດບ້ານ"),
            ),
            Column(
                STEP,
                gettext_lazy("Step that is to be done next"),
                ChoiceCell(steps),
                example=next(iter(self.ways)),
                more=("step", "ขั้นตอน", "ຂັ້ນຕອນ"),
            ),
            Column(
                OPENED_ON,
                gettext_lazy("Begun on"),
                DateCell(past_only=True),
                example="01/10/2568",
                more=("opened on", "วันที่เริ่ม", "ວັນທີເລີ່ມ"),
            ),
            Column(
                OFFICER,
                gettext_lazy("User name of the officer"),
                LoginField(required=False),
                hint=gettext_lazy("Who has worked on it. Empty: whoever holds the post alone."),
                more=("officer", "ชื่อผู้ใช้"),
            ),
            *self._entries(),
        )

    def _entries(self) -> list[Column]:
        """The fields of all steps that may lie before, each named with its step."""
        nodes = {node.name: node for way in self.ways.values() for node in way.before}
        model: Any = self.procedure.process_class
        return [
            Column(
                name,
                _heading(self.content, node.name, model._meta.get_field(name).verbose_name),
                _cell(model._meta.get_field(name)),
            )
            for node in nodes.values()
            for name in node.fields
        ]

    def load(self, lines: Iterable[Line]) -> None:
        lines = list(lines)
        self.load_areas(line.get(VILLAGE) for line in lines)
        codes = set(self.areas)
        self._cases: dict[str, list[Case]] = {}
        known = Case.objects.filter(procedure=self.procedure.code, area_id__in=codes)
        for case in known.only("number", "state", "area_id", "opened_at", "closed_at"):
            self._cases.setdefault(str(case.area_id), []).append(case)
        logins = {line.get(OFFICER) for line in lines} - {None, ""}
        users = User.objects.filter(username__in=logins, is_active=True)
        self._users = {user.username: user for user in users}
        above = {code for village in codes for code in prefixes(village)}
        held = Post.objects.held_on(clock.today()).filter(area_id__in=above, role__in=self._roles)
        self._posts = list(held.select_related("user"))

    @cached_property
    def _roles(self) -> set[str]:
        return {self.procedure.start_node().role, *(way.step.role for way in self.ways.values())}

    def check(self, line: Line) -> None:
        area = self.standing_area(line, VILLAGE)
        if area is not None and area.level < Area.Level.SUBDISTRICT:
            line.refuse(VILLAGE, _("Write the code of a village."))
        self._check_running(line)
        self._check_officer(line)
        way = self.ways.get(line.get(STEP) or "")
        if way is not None and area is not None:
            self._check_entries(line, way, area)

    def _check_running(self, line: Line) -> None:
        """One case of a kind at a time in a village, as on the page that opens one."""
        village = line.get(VILLAGE) or ""
        if claimed := self.before(("village", village), line):
            line.refuse(VILLAGE, _("Line %(number)s has a case here.") % {"number": claimed[0][0]})
            return
        running = [case for case in self._cases.get(village, ()) if not case.closed_at]
        if running and self._known(line) is None:
            message = _("A case of this kind is already running here: %(number)s.")
            line.refuse(VILLAGE, message % {"number": running[0].number})

    def _check_officer(self, line: Line) -> None:
        login, village = line.get(OFFICER), line.get(VILLAGE)
        if not login or not village:
            return
        user = self._users.get(login)
        role = self.procedure.start_node().role
        if user is None:
            line.refuse(OFFICER, _("Nobody signs in with this name."))
        elif not any(post.user_id == user.pk for post in self._held(role, village)):
            line.refuse(OFFICER, _("They hold no post for this in the village today."))

    def _check_entries(self, line: Line, way: Way, area: Area) -> None:
        """What was recorded before must have led to the step, and bear what comes behind it."""
        if isinstance(way.step, Wait) and not line.get(way.step.until):
            if way.step.until not in line.faults:
                line.refuse(way.step.until, _("Write until when it waits."))
            return
        passed = {name for node in way.before for name in node.fields}
        for column in self.columns[4:]:
            if column.name not in passed and line.get(column.name) not in (None, ""):
                line.refuse(column.name, _("This belongs to a step that is still to be done."))
        if passed & set(line.faults):
            return
        for name, words in self.faults_of(line, way, area):
            line.refuse(name, words)

    def faults_of(self, line: Line, way: Way, area: Area) -> list[tuple[str, str]]:
        """What keeps the line's case from standing at the end of `way`: column, and why."""
        return broken(self.case_of(line, area), way)

    def case_of(self, line: Line, area: Area) -> Any:
        """The case of a line as it would stand, not stored."""
        return self.takeover(line, area, opened_on=line.get(OPENED_ON) or clock.today()).case(
            by=self.by
        )

    def takeover(self, line: Line, area: Area, **more: Any) -> Takeover:
        """What a line asks for."""
        way = self.ways[line.values[STEP]]
        return Takeover(
            procedure=self.procedure,
            content=self.content,
            way=way,
            area=area,
            officer=self._users.get(line.get(OFFICER) or ""),
            values=self.values_of(line, way),
            **more,
        )

    def values_of(self, line: Line, way: Way) -> dict[str, Any]:
        """What the line says of the steps before."""
        names = [name for node in way.before for name in node.fields]
        return {name: line.get(name) for name in names if line.get(name) not in (None, "")}

    def _held(self, role: str, village: str) -> list[Post]:
        """The posts of `role` that a case in the village belongs to, nearest first."""
        at = [p for p in self._posts if p.role == role and village.startswith(p.area_id)]
        return people.nearest(at)

    def keys(self, line: Line) -> Sequence[Hashable]:
        return ((line.values[VILLAGE], line.values[OPENED_ON]),)

    def claims(self, line: Line) -> Iterable[tuple[Hashable, Any]]:
        return [(("village", line.values[VILLAGE]), None)] if self._known(line) is None else []

    def _known(self, line: Line) -> Case | None:
        """The case of this village that began on this day, wherever it stands by now."""
        for case in self._cases.get(line.get(VILLAGE) or "", ()):
            if clock.day_of(case.opened_at) == line.get(OPENED_ON):
                return case
        return None

    def outcome(self, line: Line) -> Outcome:
        return Outcome.UNCHANGED if self._known(line) else Outcome.ADDED

    def write(self, lines: list[Line], run: Any) -> None:
        taken = []
        for line in lines:
            step = self.ways[line.values[STEP]].step
            each = self.takeover(
                line,
                self.areas[line.values[VILLAGE]],
                opened_on=line.values[OPENED_ON],
                holders=self._held(step.role, line.values[VILLAGE]),
                codes={"run": run.pk, "line": line.number, "file": run.sha256},
            )
            taken.append(each)
        self.settle(set_down(taken, by=self.by))

    def settle(self, cases: list[Any]) -> None:
        """What else has to be written for cases that were just set down."""


def broken(case: Any, way: Way) -> list[tuple[str, str]]:
    """What keeps a case from standing at the end of `way`: the field, and why in words.

    Every guard whose field was recorded before has to hold: nobody can mend it any more. A step
    of which something is known must have led to the one that came after it.
    """
    passed = {name for node in way.before for name in node.fields}
    found = [
        (guard.field, guard.explain(case))
        for guard in _guards(case.flow_class, way)
        if guard.field in passed and not guard(case)
    ]
    for node, following in zip(way.before, (*way.before[1:], way.step), strict=True):
        known = [name for name in node.fields if getattr(case, name) not in (None, "")]
        if known and len(node.branches) > 1 and node.branch_for(case).node is not following:
            words = _("With this the case would not have come to the step that you name.")
            found.append((known[0], words))
    return found


def _guards(flow: type[Procedure], way: Way) -> list[Any]:
    """The guards of the steps before, and of every change of the case's state."""
    model: Any = flow.process_class
    moves = model._meta.get_field("state").get_all_transitions(model)
    guards = [guard for node in way.before for guard in getattr(node, "guards", ())]
    return list(dict.fromkeys([*guards, *(each for move in moves for each in move.conditions)]))


def _cell(column: Any) -> forms.Field:
    """The field of a step's page, as a cell can be typed; what is not known stays empty."""
    field: Any = form_field(column)
    if isinstance(field, forms.TypedChoiceField) and not column.choices:
        field = ChoiceCell(_YES_NO)
    elif isinstance(field, forms.ChoiceField):
        field = ChoiceCell([each for each in column.choices if each[0] not in (None, "")])
    elif isinstance(field, fields.EraDateField):
        field = DateCell(past_only=field.past_only)
    elif isinstance(field, fields.EraYearField):
        field = YearCell()
    field.required = False
    return cast("forms.Field", field)


def _title(content: ProcedureContent, step: str) -> Any:
    """The step's title in the language in which it is read."""
    texts = content.body["steps"].get(step, {}).get("title")
    return lazy(lambda: contents.pick(texts) or step, str)()


def _heading(content: ProcedureContent, step: str, label: Any) -> Any:
    return lazy(lambda: f"{_title(content, step)}: {label}", str)()
