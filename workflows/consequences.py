"""What a correction of a finished step would break, and what rests on the step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import getattr_static
from typing import Any

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from cases import contents
from cases.guards import Guard
from cases.models import Case, Decision, WorkItem
from cases.models.event import EventKind
from workflows.blockers import Blocker, of_lines
from workflows.rows import LINES
from workflows.steps import Branch, Fill

GOING_ON = (EventKind.STEP_DONE, EventKind.DECIDED, EventKind.CASE_REOPENED)


@dataclass(frozen=True)
class Check:
    """Something that was asked on the case's way, by `step`; `judge` says what is wrong now."""

    step: str
    judge: Callable[[Case], list[Blocker]]


def standing(case: Case) -> list[Check]:
    """What was asked on the way of `case` and holds: guards, lines, and the way itself.

    Only what holds today counts: a guard that asks for a day ahead fails once the day is over,
    which no correction did.
    """
    done, taken = _way(case)
    checks = [
        *(Check(step, _by(guard)) for guard, step in _guards(done, taken).items()),
        *(Check(name, _lines_of(node)) for name, node in done.items()),
        *(Check("", _went(node, node.branch_for(case))) for node in done.values()),
    ]
    return [check for check in checks if not check.judge(case)]


def broken(checks: list[Check], corrected: Case, step: str) -> list[Blocker]:
    """What no longer holds of `checks` once `step` is `corrected`, its own entries first."""
    fields = corrected.flow_class.instance.node(step).fields
    own, others = [], []
    for check in checks:
        for wrong in check.judge(corrected):
            if check.step in (step, ""):
                own.append(wrong)
            else:
                anchor = wrong.anchor if wrong.anchor.removeprefix("id_") in fields else ""
                others.append(Blocker(_unfit(corrected, check.step, wrong.text), anchor))
    return own + others


def depends(case: Case, item: WorkItem, fields: list[str]) -> dict[str, list[Any]]:
    """What came after `item` and rests on it, as ids for an event: decisions, papers that were
    made, states that the case reached, and steps whose checks read one of `fields`.
    """
    papers = case.documents.filter(uploaded_at__gte=item.closed_at, removed_at__isnull=True)
    changed = {item.flow_task.rows if name == LINES else name for name in fields}
    later = _steps_after(case, item)
    found: dict[str, list[Any]] = {
        "decision": list(case.decisions.filter(work_item__gt=item.pk).values_list("pk", flat=True)),
        "paper": list(papers.exclude(paper="").values_list("pk", flat=True)),
        "step": [pk for pk, node in later if not changed.isdisjoint(reads(case, node))],
        "state": _states_since(case, item),
    }
    return {kind: refs for kind, refs in found.items() if refs}


def reads(case: Case, step: Fill) -> set[Any]:
    """The names, and the `Rows`, that the checks of `step` read of `case`."""
    reader: Any = _Reader(case)
    for guard in step.guards:
        guard(reader)
    of_lines(reader, step)
    return reader.names - {step.rows}


class _Reader:
    """Stands in for a case and notes what is read of it; also by its own properties."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.names: set[Any] = set()
        self._lines = _NotedLines(self.names, case.__dict__.setdefault("_lines", {}))

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        found = getattr_static(type(self.case), name, None)
        if isinstance(found, property) and found.fget:
            return found.fget(self)
        return getattr(self.case, name)


class _NotedLines(dict[Any, Any]):
    """The lines of a case, as `Rows.lines` looks them up; notes which rows they are."""

    def __init__(self, names: set[Any], held: dict[Any, Any]) -> None:
        super().__init__(held)
        self.names = names

    def __contains__(self, rows: object) -> bool:
        self.names.add(rows)
        return super().__contains__(rows)


def _way(case: Case) -> tuple[dict[str, Fill], list[tuple[str, Branch]]]:
    """The filled-in steps that are done, by name, and the branches that the case took."""
    flow = case.flow_class.instance
    done: dict[str, Fill] = {}
    taken: list[tuple[str, Branch]] = []
    events = case.events.filter(kind__in=GOING_ON).order_by("number")
    for name, codes in events.values_list("step", "codes"):
        node = flow.node(name)
        if isinstance(node, Fill):
            done[name] = node
        if codes.get("outcome") != Decision.Outcome.RETURNED:
            taken += [(name, b) for b in node.branches if b.node.name == codes["to"]]
    return done, taken


def _guards(done: dict[str, Fill], taken: list[tuple[str, Branch]]) -> dict[Guard, str]:
    """Every guard that was asked on the way, with the first step that asked it."""
    asked: dict[Guard, str] = {}
    for name, node in done.items():
        for guard in node.guards:
            asked.setdefault(guard, name)
    for name, branch in taken:
        for guard in _conditions(branch):
            asked.setdefault(guard, name)
    return asked


def _conditions(branch: Branch) -> Iterator[Guard]:
    if branch.moves is not None:
        for transition in branch.moves._django_fsm.transitions.values():
            yield from (each for each in transition.conditions or () if isinstance(each, Guard))


def _by(guard: Guard) -> Callable[[Case], list[Blocker]]:
    anchor = f"id_{guard.field}" if guard.field else ""
    return lambda case: [] if guard(case) else [Blocker(guard.explain(case), anchor)]


def _lines_of(node: Fill) -> Callable[[Case], list[Blocker]]:
    return lambda case: of_lines(case, node)


def _went(node: Fill, branch: Branch) -> Callable[[Case], list[Blocker]]:
    return lambda case: (
        [] if node.branch_for(case) is branch else [_another_way(case, node, branch)]
    )


def _another_way(case: Case, node: Fill, branch: Branch) -> Blocker:
    titles = {
        "step": contents.pick(contents.step_texts(case, node.name)),
        "next": _title_of(case, branch),
    }
    if case.closed_at:
        text = _(
            "With these entries the case would not have gone from “%(step)s” to “%(next)s”. "
            "It has ended that way, and a correction cannot change how a case went."
        )
    else:
        text = _(
            "With these entries the case would not have gone from “%(step)s” to “%(next)s”. "
            "A correction cannot change the way of a case: ask whoever decides on it to return "
            "it to this step."
        )
    return Blocker(text % titles)


def _title_of(case: Case, branch: Branch) -> str:
    """The step to which a branch leads; for an end the state in which the case ended."""
    if branch.node.task_type == "END":
        return contents.pick(contents.body_of(case)["states"].get(case.state)) or case.state
    return contents.pick(contents.step_texts(case, branch.node.name))


def _unfit(case: Case, step: str, why: str) -> str:
    what = {"step": contents.pick(contents.step_texts(case, step)), "why": why}
    return _("It would no longer fit the step “%(step)s”: %(why)s") % what


def _steps_after(case: Case, item: WorkItem) -> list[tuple[int, Fill]]:
    """The filled-in steps that were done after `item`, the latest time of each."""
    later = case.task_set.filter(pk__gt=item.pk, closed_at__isnull=False, status=STATUS.DONE)
    latest = {each.step: each for each in later.order_by("pk")}
    return [(e.pk, e.flow_task) for e in latest.values() if isinstance(e.flow_task, Fill)]


def _states_since(case: Case, item: WorkItem) -> list[str]:
    """The states that the case reached with this step or after it, in their order."""
    found, before, reached = [], "", False
    events = case.events.filter(kind__in=GOING_ON).order_by("number")
    for codes in events.values_list("codes", flat=True):
        reached = reached or codes["item"] == item.pk
        if reached and before and codes["state"] != before:
            found.append(codes["state"])
        before = codes["state"]
    return found
