"""The page that describes a procedure, written from its flow and content (docs/procedures/)."""

from typing import Any

from django.utils import translation

from cases.roles import Role
from workflows.contents import read
from workflows.procedure import Procedure
from workflows.steps import Branch, Decide, Finish, Wait


def markdown(flow: type[Procedure]) -> str:
    """The whole page in English, with the Thai names beside."""
    body = read(flow)
    with translation.override("en"):
        lines = [
            f"# {_both(body['title'])} (`{flow.code}`)",
            "",
            "Written by `manage.py procedure_pages` from `flows.py` and `content.yaml`; "
            "changes belong there.",
            "",
            *_opening(flow, body),
            *(line for stage in flow.stages() for line in _stage(flow, body, stage)),
            *_endings(flow, body),
            *_diagram(flow, body),
        ]
    return "\n".join(lines) + "\n"


def _opening(flow: type[Procedure], body: dict[str, Any]) -> list[str]:
    node = flow.start_node()
    recorded = ", ".join(_labels(flow, node.fields))
    return [f"Opened by the {_role(node.role)}; recorded: {recorded}.", ""]


def _stage(flow: type[Procedure], body: dict[str, Any], stage: str) -> list[str]:
    steps = [step for step in flow.steps() if step.stage == stage]
    rows = [f"| {' | '.join(_row(flow, body, step))} |" for step in steps]
    return [
        f"## {_both(body['stages'][stage])}",
        "",
        "| step | who | due | recorded | checklist (● needs a photo or file) | goes on to |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _row(flow: type[Procedure], body: dict[str, Any], step: Any) -> list[str]:
    content = body["steps"][step.name]
    checklist = [
        f"{'● ' if item.get('evidence') else ''}{item['text']['en']}"
        for item in content.get("checklist", [])
    ]
    return [
        f"**{content['title']['en']}**<br>{content['title']['th']}",
        _role(step.role),
        _due(step),
        "<br>".join(_labels(flow, step.fields)),
        "<br>".join(checklist),
        "<br>".join(_ways_on(step, body)),
    ]


def _due(step: Any) -> str:
    if isinstance(step, Wait):
        return f"waits until `{step.until}`"
    (unit, number), *_ = step.due.items()
    unit = unit.replace("_", " ")
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"


def _ways_on(step: Any, body: dict[str, Any]) -> list[str]:
    ways = [_way(branch, body) for branch in step.branches]
    if isinstance(step, Decide):
        titles = [body["steps"][node.name]["title"]["en"] for node in step.returns]
        ways.append(f"returned to: {'; '.join(titles)}")
    return ways


def _way(branch: Branch, body: dict[str, Any]) -> str:
    fact = f"if {branch.label.replace('_', ' ')}: " if branch.label else ""
    moved = f" (state: {_target(branch.moves)})" if branch.moves else ""
    return f"{fact}{_title(branch.node, body)}{moved}"


def _title(node: Any, body: dict[str, Any]) -> str:
    if isinstance(node, Finish):
        return "the end"
    return str(body["steps"][node.name]["title"]["en"])


def _target(move: Any) -> str:
    return str(next(iter(move._django_fsm.transitions.values())).target)


def _endings(flow: type[Procedure], body: dict[str, Any]) -> list[str]:
    if not flow.endings:
        return []
    rows = [f"- {_both(body['endings'][how])}: {_role(e.by)}" for how, e in flow.endings.items()]
    return ["## Ends before its time", "", *rows, ""]


def _diagram(flow: type[Procedure], body: dict[str, Any]) -> list[str]:
    """States and what moves a case between them, as a Mermaid diagram."""
    model = flow.process_class
    moves = model._meta.get_field("state").get_all_transitions(model)
    edges = sorted((move.source or "[*]", move.target, move.name) for move in moves)
    lines = [
        f"    {source} --> {target}: {name.replace('_', ' ')}" for source, target, name in edges
    ]
    names = [f"- `{state}`: {_both(texts)}" for state, texts in body["states"].items()]
    return ["## States", "", *names, "", "```mermaid", "stateDiagram-v2", *lines, "```"]


def _labels(flow: type[Procedure], names: tuple[str, ...]) -> list[str]:
    meta: Any = flow.process_class._meta
    return [str(meta.get_field(name).verbose_name) for name in names]


def _role(role: str) -> str:
    return str(Role(role).label)


def _both(texts: dict[str, str]) -> str:
    return f"{texts['en']} · {texts['th']}"
