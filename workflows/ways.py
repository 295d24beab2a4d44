"""The way that leads a case to a step: through which steps, and to which state (handbook 5)."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from workflows.outline import Pair, walk
from workflows.procedure import Procedure
from workflows.steps import Fill


@dataclass(frozen=True)
class Way:
    """The steps before `step` on the shortest way from the opening, and the state at it."""

    step: Any
    before: tuple[Any, ...]
    state: str


@cache
def ways(flow: type[Procedure]) -> dict[str, Way]:
    """The shortest way to each step of `flow`, by the step's name; the opening is on each."""
    onward = walk(flow).onward
    order = {node.name: n for n, node in enumerate(flow._in_order())}
    start: Pair = (flow.start_node(), "")
    came_from: dict[Pair, Pair] = {}
    queue, seen, found = deque([start]), {start}, {}
    while queue:
        pair = queue.popleft()
        node, state = pair
        if pair != start and node.name not in found:
            found[node.name] = Way(node, _before(pair, came_from), state)
        for following in sorted(onward.get(pair, ()), key=lambda p: (order[p[0].name], p[1])):
            if following not in seen:
                seen.add(following)
                came_from[following] = pair
                queue.append(following)
    return {step.name: found[step.name] for step in flow.steps()}


def enterable(flow: type[Procedure]) -> list[Way]:
    """The ways that a case may have come elsewhere, before it is taken over here.

    None of the steps before records more than fields: lines of members or seats, and what a
    step makes of its entries, cannot be made up afterwards.
    """
    known: Any = ways  # what mypy takes a cached function for knows no classes
    return [way for way in known(flow).values() if all(map(_is_plain, way.before))]


def before_us(case: Any, steps: Collection[str]) -> frozenset[str]:
    """The steps that a case had behind it when it was taken over from elsewhere, by name.

    `steps` are those of its work items, the first one first. A case that was opened here has
    the opening among them; none is "before" then.
    """
    flow = case.flow_class
    if not steps or flow.start_node().name in steps:
        return frozenset()
    return frozenset(node.name for node in ways(flow)[next(iter(steps))].before)


def _before(pair: Pair, came_from: dict[Pair, Pair]) -> tuple[Any, ...]:
    steps = []
    while pair in came_from:
        pair = came_from[pair]
        steps.append(pair[0])
    return tuple(reversed(steps))


def _is_plain(node: Any) -> bool:
    return not isinstance(node, Fill) or (node.rows is None and node.writes is None)
