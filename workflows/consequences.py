"""What a correction of a finished step would break, and what rests on the step."""

from collections.abc import Iterator
from inspect import getattr_static
from typing import Any

from django.utils.translation import gettext as _

from cases import contents
from cases.guards import Guard
from cases.models import Case, Decision, WorkItem
from cases.models.event import EventKind
from workflows.blockers import Blocker
from workflows.steps import Branch, Fill

GOING_ON = (EventKind.STEP_DONE, EventKind.DECIDED, EventKind.CASE_REOPENED)


def broken(case: Case, corrected: Case, step: str) -> list[Blocker]:
    """What held when `case` went its way and would not hold as `corrected`.

    Only what holds today counts: a guard that asks for a day ahead fails once the day is over,
    which no correction did.
    """
    done, taken = _way(case)
    first = {step: done[step]} if step in done else {}
    found = []
    for guard, name in _guards(first | done, taken).items():
        if guard(case) and not guard(corrected):
            found.append(_no_longer(case, guard, corrected, step, name))
    for node in done.values():
        before, after = node.branch_for(case), node.branch_for(corrected)
        if before is not after:
            found.append(_another_way(case, node, before))
    return found


def depends(case: Case, item: WorkItem, fields: list[str]) -> dict[str, list[Any]]:
    """What came after `item` and rests on it, as ids for an event: decisions, papers that were
    made, states that the case reached, and steps whose guards read one of `fields`.
    """
    papers = case.documents.filter(uploaded_at__gte=item.closed_at, removed_at__isnull=True)
    later = _steps_after(case, item)
    found = {
        "decision": list(case.decisions.filter(work_item__gt=item.pk).values_list("pk", flat=True)),
        "paper": list(papers.exclude(paper="").values_list("pk", flat=True)),
        "step": [pk for pk, node in later if reads(case, node.guards).intersection(fields)],
        "state": _states_since(case, item),
    }
    return {kind: refs for kind, refs in found.items() if refs}


def reads(case: Case, guards: tuple[Guard, ...]) -> set[str]:
    """The names that `guards` read of `case`."""
    reader = _Reader(case)
    for guard in guards:
        guard(reader)
    return reader.names


class _Reader:
    """Stands in for a case and notes what is read of it; also by its own properties."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        found = getattr_static(type(self.case), name, None)
        if isinstance(found, property) and found.fget:
            return found.fget(self)
        return getattr(self.case, name)


def _way(case: Case) -> tuple[dict[str, Fill], list[tuple[str, Branch]]]:
    """The filled-in steps that are done, by name, and the branches that the case took."""
    flow, done, taken = case.flow_class.instance, {}, []
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


def _no_longer(case: Case, guard: Guard, corrected: Case, step: str, asker: str) -> Blocker:
    why = guard.explain(corrected)
    anchor = f"id_{guard.field}" if guard.field else ""
    if asker == step:
        return Blocker(why, anchor)
    fields = case.flow_class.instance.node(step).fields
    text = _("It would no longer fit the step “%(step)s”: %(why)s") % {
        "step": contents.pick(contents.step_texts(case, asker)),
        "why": why,
    }
    return Blocker(text, anchor if guard.field in fields else "")


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


def _steps_after(case: Case, item: WorkItem) -> list[tuple[int, Fill]]:
    """The filled-in steps that were done after `item`, the latest time of each."""
    later = case.task_set.filter(pk__gt=item.pk, closed_at__isnull=False, status="DONE")
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
