"""Sets cases down where they stand elsewhere, hundreds in a handful of statements.

Case, work item, deadline and event are those of `Procedure.open` and `StepActivation.create`,
but made in bulk: one by one, ten thousand cases would take many minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, models
from django.utils import timezone
from viewflow.workflow.status import STATUS

from cases import audit, clock, deadlines, eras, people
from cases.audit import EventKind
from cases.models import (
    Area,
    Case,
    CaseCounter,
    Deadline,
    EventText,
    Party,
    Post,
    ProcedureContent,
    User,
    WorkItem,
)
from cases.roles import Role
from workflows import spans
from workflows.procedure import Procedure, filled, province_of
from workflows.steps import Wait
from workflows.ways import Way


@dataclass
class Takeover:
    """One case that began elsewhere on `opened_on`, in `area`, and stands at the end of `way`.

    `values` are fields of the steps before, `holders` the posts that the step belongs to,
    `codes` say where it came from, `party` is the group that it is about, where there is one.
    """

    procedure: type[Procedure]
    content: ProcedureContent
    way: Way
    area: Area
    opened_on: date
    officer: User | None
    values: dict[str, Any]
    holders: list[Post] = field(default_factory=list)
    codes: dict[str, Any] = field(default_factory=dict)
    party: Party | None = None

    def case(self, *, by: User) -> Any:
        """The case, not stored and without a number."""
        return self.procedure.process_class(
            flow_class=self.procedure,
            procedure=self.procedure.code,
            area=self.area,
            party=self.party,
            content=self.content,
            state=self.way.state,
            opened_by=self.officer or by,
            opened_at=timezone.make_aware(datetime.combine(self.opened_on, time.min)),
            **self.values,
        )

    @property
    def owner(self) -> User | None:
        """Whose the step is: the officer's who had it, else a sole holder's of the post."""
        mine = {post.user_id: post.user for post in self.holders}
        if self.officer and self.officer.pk in mine and not self.way.step.four_eyes:
            return self.officer
        if self.way.step.four_eyes and self.officer:
            mine.pop(self.officer.pk, None)
        return next(iter(mine.values())) if len(mine) == 1 else None

    @property
    def prefix(self) -> str:
        """The kind, province and fiscal year under which the case is numbered (handbook 5)."""
        year = eras.fiscal_year(self.opened_on)
        return f"{self.procedure.code}-{province_of(self.area)}-{year}"


def set_down(taken: list[Takeover], *, by: User) -> list[Any]:
    """Store these cases of one procedure, each open at its step; returns them.

    The caller has opened a transaction. Raises IntegrityError where somebody has opened a case
    of the kind in one of the places meanwhile.
    """
    if not taken:
        return []
    _hold(taken)
    cases = [each.case(by=by) for each in taken]
    _number(taken, cases)
    told = [_event(each, case, by) for each, case in zip(taken, cases, strict=True)]
    _store(cases)
    audit.keep_firsts(told)
    items = [_item(each, case) for each, case in zip(taken, cases, strict=True)]
    WorkItem.objects.bulk_create(items)
    Deadline.objects.bulk_create(_deadlines(items))
    return cases


def _hold(taken: list[Takeover]) -> None:
    """Lock the places, as the page does that opens a case, and look once more."""
    codes = sorted(each.area.pk for each in taken)
    list(Area.objects.select_for_update(no_key=True).filter(pk__in=codes).order_by("pk"))
    running = Case.objects.filter(area__in=codes, closed_at__isnull=True)
    if running.filter(procedure=taken[0].procedure.code).exists():
        raise IntegrityError("a case of this kind was opened here meanwhile")


def _number(taken: list[Takeover], cases: list[Any]) -> None:
    """Case numbers in the order of the lines; counters are held in one order, against deadlock."""
    by_prefix: dict[str, list[Any]] = {}
    for each, case in zip(taken, cases, strict=True):
        by_prefix.setdefault(each.prefix, []).append(case)
    for prefix in sorted(by_prefix):
        numbers = CaseCounter.take_many(prefix, len(by_prefix[prefix]))
        for case, number in zip(by_prefix[prefix], numbers, strict=True):
            case.number = number


def _event(each: Takeover, case: Any, by: User) -> EventText:
    step = each.way.step.name
    codes = {"imported": True, "to": step, "state": each.way.state, **each.codes}
    post = people.post_for(by, Role.ADMIN, each.area.pk)
    text = filled(each.values)
    return audit.first_of(
        case, EventKind.CASE_OPENED, by=by, post=post, codes=codes, text=text, at=clock.now()
    )


def _store(cases: list[Any]) -> None:
    """Both rows of each case; Django's own bulk_create refuses a model on two tables."""
    columns = [column.attname for column in Case._meta.concrete_fields if not column.primary_key]
    common = [Case(**{name: getattr(case, name) for name in columns}) for case in cases]
    Case.objects.bulk_create(common)
    for case, row in zip(cases, common, strict=True):
        case.id = case.case_ptr_id = row.pk
        case._state.adding = False
    model = type(cases[0])
    own: Any = models.QuerySet(model)
    own._insert(cases, fields=model._meta.local_concrete_fields, using=own.db)


def _item(each: Takeover, case: Any) -> WorkItem:
    step, at, owner = each.way.step, clock.now(), each.owner
    item = WorkItem(
        process=case,
        flow_task=step,
        role=step.role,
        area_id=case.area_id,
        opened_at=at,
        owner=owner,
        status=STATUS.ASSIGNED if owner else STATUS.NEW,
    )
    if isinstance(step, Wait):
        item.wakes_on = getattr(case, step.until)
    if step.due:
        rule, _chosen = deadlines.rule_in_force(case, step.name, step.due, at=at)
        item.due_on = deadlines.due_on(case, rule, at=at)
    return item


def _deadlines(items: Iterable[WorkItem]) -> Iterable[Deadline]:
    for item in items:
        step: Any = item.flow_task
        if item.due_on:
            at = item.opened_at
            yield deadlines.begun(item.process, item, step.due, at=at, ladder=step.ladder)
        yield from spans.begun(item)
