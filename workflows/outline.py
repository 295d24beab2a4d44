"""Walks a procedure: its soundness, and the page that describes it (DESIGN 3).

The walk follows every branch and return from the opening on and keeps each pair of step and
state that a case can reach. Whatever a case could run into later is found here, before.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from cases import due, ladders
from cases.guards import Guard
from workflows.procedure import Procedure
from workflows.steps import Branch, Decide, Finish, Open, Step, Wait

LANGUAGES = ("th", "lo", "en")
Pair = tuple[Any, str]


@dataclass
class Walk:
    """What a case can reach: pairs of step and state, and how they follow one another."""

    pairs: set[Pair] = field(default_factory=set)
    onward: dict[Pair, set[Pair]] = field(default_factory=dict)
    illegal: list[str] = field(default_factory=list)


def walk(flow: type[Procedure]) -> Walk:
    """Follow every branch of `flow` from its opening, with the state that goes along."""
    found = Walk()
    start = (flow.start_node(), "")
    queue, found.pairs = deque([start]), {start}
    while queue:
        node, state = pair = queue.popleft()
        for branch in _ways_on(node):
            target = _state_after(branch, state)
            if target is None:
                move = branch.moves.__name__ if branch.moves else ""
                found.illegal.append(f"{node.name}: {move} is not allowed in state “{state}”")
                continue
            following = (branch.node, target)
            found.onward.setdefault(pair, set()).add(following)
            if following not in found.pairs:
                found.pairs.add(following)
                queue.append(following)
    return found


def problems(flow: type[Procedure]) -> list[str]:
    """Everything that is unsound about `flow`; empty when a case can run it to an end."""
    walked = walk(flow)
    return [
        *walked.illegal,
        *_unused_transitions(flow),
        *_unreachable(flow, walked),
        *_endless(walked),
        *_illegal_endings(flow, walked),
        *_silent_conditions(flow),
        *(problem for step in flow.steps() for problem in _about_step(flow, step)),
        *_about_spans(flow),
    ]


def problems_of_content(flow: type[Procedure], body: dict[str, Any]) -> list[str]:
    """What a procedure's content lacks: a text in one of the languages, a title, a number."""
    wanted: list[tuple[str, ...]] = [("title",)]
    wanted += [("stages", stage) for stage in flow.stages()]
    wanted += [("states", state) for state in states(flow)]
    wanted += [("steps", node.name, "title") for node in (flow.start_node(), *flow.steps())]
    wanted += [("endings", how) for how in flow.endings]
    wanted += [("spans", name) for name in flow.spans]
    wanted += [("number_titles", name) for name in body.get("numbers", {})]
    found = [
        f"{'.'.join(path)}: no text in {language}"
        for path in wanted
        for language in LANGUAGES
        if not _at(body, *path, language)
    ]
    for name, (lowest, highest) in body.get("between", {}).items():
        if not lowest <= body["numbers"].get(name, 0) <= highest:
            found.append(f"between.{name}: the number itself does not lie there")
    known = {node.name for node in (flow.start_node(), *flow.steps())}
    found += [f"steps.{name}: no such step" for name in body["steps"] if name not in known]
    for name, step in body["steps"].items():
        codes = [item["code"] for item in step.get("checklist", [])]
        found += [f"steps.{name}: {c} stands twice" for c in set(codes) if codes.count(c) > 1]
        found += [
            f"steps.{name}.{item['code']}: no text in {language}"
            for item in step.get("checklist", [])
            for language in LANGUAGES
            if not item["text"].get(language)
        ]
    return found


def states(flow: type[Procedure]) -> list[str]:
    """The states that the procedure's transitions lead to, in alphabetical order."""
    return sorted({move.target for move in _transitions(flow)})


def _transitions(flow: type[Procedure]) -> list[Any]:
    model = flow.process_class
    return list(model._meta.get_field("state").get_all_transitions(model))


def _ways_on(node: Any) -> Iterator[Branch]:
    if isinstance(node, Step | Open):
        yield from node.branches
    if isinstance(node, Decide):
        yield from (Branch(target) for target in node.returns)


def _state_after(branch: Branch, state: str) -> str | None:
    """The state behind `branch`; None where its transition is not allowed."""
    if branch.moves is None:
        return state
    move = branch.moves._django_fsm.get_transition(state)
    return move and move.target


def _unused_transitions(flow: type[Procedure]) -> list[str]:
    nodes = [flow.start_node(), *flow.steps()]
    used = {branch.moves.__name__ for node in nodes for branch in _ways_on(node) if branch.moves}
    used |= {ending.moves.__name__ for ending in flow.endings.values()}
    return [
        f"transition {name} is used by no step and no ending"
        for name in sorted({move.name for move in _transitions(flow)} - used)
    ]


def _unreachable(flow: type[Procedure], walked: Walk) -> list[str]:
    reached = {node for node, _state in walked.pairs}
    nodes = [node for node in flow._nodes_by_name.values() if node not in reached]
    found = [f"{node.name}: no way leads here" for node in nodes]
    ended = {ending.moves._django_fsm for ending in flow.endings.values()}
    by_ending = {move.target for meta in ended for move in meta.transitions.values()}
    alive = {state for _node, state in walked.pairs} | by_ending
    return found + [f"state “{s}” is never reached" for s in states(flow) if s not in alive]


def _endless(walked: Walk) -> list[str]:
    """Pairs from which no way leads to an end: a case would stay open for ever."""
    before: dict[Pair, set[Pair]] = {}
    for pair, following in walked.onward.items():
        for each in following:
            before.setdefault(each, set()).add(pair)
    queue = deque(pair for pair in walked.pairs if isinstance(pair[0], Finish))
    can_end = set(queue)
    while queue:
        for pair in before.get(queue.popleft(), set()) - can_end:
            can_end.add(pair)
            queue.append(pair)
    stuck = sorted((node.name, state) for node, state in walked.pairs - can_end)
    return [f"{name}: in state “{state}” no way leads to an end" for name, state in stuck]


def _illegal_endings(flow: type[Procedure], walked: Walk) -> list[str]:
    running = sorted({state for node, state in walked.pairs if isinstance(node, Step)})
    allowed = {
        how: [state for state in running if ending.moves._django_fsm.has_transition(state)]
        for how, ending in flow.endings.items()
    }
    return [
        *(f"ending {how}: allowed in no running state" for how, s in allowed.items() if not s),
        *(
            f"state “{state}”: a running case cannot be ended here"
            for state in running
            if flow.endings and not any(state in states for states in allowed.values())
        ),
    ]


def _silent_conditions(flow: type[Procedure]) -> Iterator[str]:
    """Conditions that cannot say why they fail: nobody could tell the user what is missing."""
    for move in _transitions(flow):
        for condition in move.conditions:
            if not isinstance(condition, Guard):
                yield f"transition {move.name}: condition {condition.__name__} is no guard"
    if not (flow.start_node().role or flow.start_node().by_calendar):
        yield f"{flow.start_node().name}: nobody does it, By(role) is missing"


def _about_step(flow: type[Procedure], step: Step) -> Iterator[str]:
    """What one step lacks by itself."""
    if not step.role:
        yield f"{step.name}: nobody does it, By(role) is missing"
    if not isinstance(step, Wait) and not step.due:
        yield f"{step.name}: no deadline, Due(…) is missing"
    if step.due:
        yield from _about_due(flow, step.name, step.due, step.extend)
    if step.ladder not in ladders.known():
        yield f"{step.name}: no ladder “{step.ladder}”"
    if not step.stage:
        yield f"{step.name}: belongs to no stage"
    if isinstance(step, Decide) and not step.returns:
        yield f"{step.name}: a decision needs a way back, Return(…) is missing"
    if not step.branches or step.branches[-1].when is not None:
        yield f"{step.name}: no way on when none of its facts holds, Otherwise(…) is missing"
    yield from _unknown_fields(flow, step)


def _unknown_fields(flow: type[Procedure], step: Step) -> Iterator[str]:
    for name in [*step.fields, *([step.until] if isinstance(step, Wait) else [])]:
        try:
            flow.process_class._meta.get_field(name)
        except FieldDoesNotExist:
            yield f"{step.name}: the case has no field {name}"


def _about_due(
    flow: type[Procedure], name: str, rule: Mapping[str, Any], extend: int | None
) -> Iterator[str]:
    """What is wrong with the rule of a deadline."""
    try:
        due.check(rule)
    except ValueError as reason:
        yield f"{name}: {reason}"
        return
    fixed = rule.get("on")
    if fixed and not hasattr(flow.process_class, fixed):
        yield f"{name}: due on “{fixed}”, which the case does not know"
    if due.is_counted(rule) and not all(rule.values()):
        yield f"{name}: due on the very day on which it begins"
    if extend is not None and extend < 0:
        yield f"{name}: extended by less than nothing"


def _about_spans(flow: type[Procedure]) -> Iterator[str]:
    """What the deadlines of the case itself lack."""
    steps = {step.name for step in flow.steps()}
    for name, span in flow.spans.items():
        for step in {span.starts, span.ends} - steps:
            yield f"{name}: no step “{step}”"
        if name in steps:
            yield f"{name}: a step is called so as well"
        if not span.role:
            yield f"{name}: nobody answers for it, role is missing"
        if span.ladder not in ladders.known():
            yield f"{name}: no ladder “{span.ladder}”"
        yield from _about_due(flow, name, span.due, span.extend)


def _at(body: Any, *path: str) -> Any:
    for key in path:
        body = body.get(key) if isinstance(body, dict) else None
    return body
