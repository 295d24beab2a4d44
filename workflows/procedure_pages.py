"""Writes the page that describes a procedure, from its flow and its content (DESIGN 10).

In English, with the Thai names beside; `manage.py procedure_pages` keeps them in docs/procedures.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation

from cases.roles import Role
from workflows import contents
from workflows.procedure import Procedure
from workflows.steps import Branch, Decide, Finish, Open, Step, Wait

Body = dict[str, Any]
HEADER = """\
| Step | Who | Due | Recorded | Checklist (📎 with evidence) | Ways on |
|---|---|---|---|---|---|"""


def page(flow: type[Procedure]) -> str:
    """The whole page of `flow`, as Markdown with a Mermaid diagram."""
    with translation.override("en"):
        body = contents.read(flow)
        parts = (_head, _stages, _spans, _endings)
        return "\n".join([*(line for part in parts for line in part(flow, body)), ""])


def _head(flow: type[Procedure], body: Body) -> Iterator[str]:
    yield f"# {body['title']['en']}"
    yield f"\n{body['title']['th']} · {flow.code}\n"
    yield "Written by `manage.py procedure_pages` from the flow and its content: edit those.\n"
    start = flow.start_node()
    opener = f"{_role(start.role)}, who records" if start.role else "the calendar, with"
    yield f"Opened by: {opener}: {_recorded(flow, start)}.\n"
    yield from ("```mermaid", *_diagram(flow, body), "```")


def _stages(flow: type[Procedure], body: Body) -> Iterator[str]:
    for number, stage in enumerate(flow.stages(), 1):
        title = body["stages"][stage]
        yield f"\n## {number}. {title['en']} ({title['th']})\n"
        yield HEADER
        for step in flow.steps():
            if step.stage == stage:
                yield f"| {' | '.join(_row(flow, body, step))} |"


def _row(flow: type[Procedure], body: Body, step: Step) -> Iterator[str]:
    texts = body["steps"][step.name]
    yield f"`{step.name}`<br>{texts['title']['en']}<br>{texts['title']['th']}"
    yield _role(step.role)
    yield _due(step)
    yield _recorded(flow, step)
    checks = texts.get("checklist", [])
    yield "<br>".join(f"{c['text']['en']}{' 📎' * bool(c.get('evidence'))}" for c in checks)
    yield "<br>".join(_ways(flow, body, step))


def _due(step: Step) -> str:
    return "when the day comes" if isinstance(step, Wait) else _rule(step.due or {})


def _rule(rule: Mapping[str, Any]) -> str:
    """A rule of a deadline, as `cases.due` takes it."""
    match dict(rule):
        case {"on": str(name), **offset}:
            day = name.replace("_", " ")
            for unit, n in offset.items():
                day = f"{_days(unit, abs(n))} {'before' if n < 0 else 'after'} {day}"
            return day
        case {"day_of_month": int(day)}:
            return f"by day {day} of the month"
        case {"yearly": str(last)}:
            return f"every year by {last}"
        case {"window": (first, last)}:
            return f"every year from {first} to {last}"
        case {"every": str(period)}:
            return f"at least every {period}"
        case {"end_of": str(period)}:
            return f"by the end of the {period.replace('_', ' ')}"
    return ", ".join(_days(unit, number) for unit, number in rule.items())


def _days(unit: str, number: int) -> str:
    words = unit.replace("_", " ")
    return f"{number} {words.removesuffix('s') if number == 1 else words}"


def _recorded(flow: type[Procedure], node: Any) -> str:
    labels = [flow.process_class._meta.get_field(name).verbose_name for name in node.fields]
    if node.rows:
        columns = ", ".join(node.rows.label(column) for column in node.rows.columns)
        labels.append(f"{node.rows.title} ({columns})")
    return "; ".join(str(label) for label in labels)


def _ways(flow: type[Procedure], body: Body, step: Step) -> Iterator[str]:
    """Where the case goes from `step`, under which fact, and what it becomes."""
    for branch in step.branches:
        yield f"{_why(step, branch)}→ {_where(body, branch)}".lstrip()
    if isinstance(step, Decide):
        back = "; ".join(_title(body, node) for node in step.returns)
        yield f"returned → {back}"


def _why(step: Step | Open, branch: Branch) -> str:
    if isinstance(step, Decide):
        if branch is step.noted:
            return "approved with a remark "
        return "rejected " if branch is step.rejection else "approved "
    if branch.when is not None:
        return f"{branch.label.replace('_', ' ')} "
    return "otherwise " if len(step.branches) > 1 else ""


def _where(body: Body, branch: Branch) -> str:
    place = "the end" if isinstance(branch.node, Finish) else _title(body, branch.node)
    return f"{place}, now **{_state_after(body, branch.moves)}**" if branch.moves else place


def _state_after(body: Body, moves: Any) -> str:
    target = next(iter(moves._django_fsm.transitions.values())).target
    return str(body["states"][target]["en"])


def _spans(flow: type[Procedure], body: Body) -> Iterator[str]:
    if flow.spans:
        yield "\n## Deadlines over several steps\n"
    for name, span in flow.spans.items():
        texts = body["spans"][name]
        first, last = (body["steps"][step]["title"]["en"] for step in (span.starts, span.ends))
        over = f"from “{first}” until “{last}” is done"
        yield f"- {texts['en']} ({texts['th']}), {over}: {_rule(span.due)}; {_role(span.role)}"


def _endings(flow: type[Procedure], body: Body) -> Iterator[str]:
    yield "\n## Ended before its time\n"
    for how, ending in flow.endings.items():
        state = _state_after(body, ending.moves)
        by_itself = f", or by itself on its {ending.on.replace('_', ' ')}" if ending.on else ""
        who = f"{_role(ending.by)}{by_itself}"
        yield f"- {body['endings'][how]['en']}: {who} → the end, now **{state}**"


def _diagram(flow: type[Procedure], body: Body) -> Iterator[str]:
    """All ways on; decisions as rhombs, waits rounded, returns dotted."""
    start = flow.start_node()
    yield "flowchart TD"
    yield f'  {start.name}(["{_title(body, start)}"])'
    for stage in flow.stages():
        yield f'  subgraph {stage}_stage["{body["stages"][stage]["en"]}"]'
        yield from (f"    {_shape(body, step)}" for step in flow.steps() if step.stage == stage)
        yield "  end"
    nodes: list[Step | Open] = [start, *flow.steps()]
    for node in nodes:
        for branch in node.branches:
            label = f'|"{_why(node, branch).strip()}"|' if _why(node, branch) else ""
            yield f"  {node.name} -->{label} {branch.node.name}"
        if isinstance(node, Decide):
            yield f"  {node.name} -.->|returned| {' & '.join(each.name for each in node.returns)}"


def _shape(body: Body, step: Step) -> str:
    opening, closing = "[]"
    if isinstance(step, Decide):
        opening, closing = "{}"
    elif isinstance(step, Wait):
        opening, closing = "()"
    return f'{step.name}{opening}"{_title(body, step)}"{closing}'


def _title(body: Body, node: Any) -> str:
    return str(body["steps"][node.name]["title"]["en"])


def _role(role: str) -> str:
    return str(Role(role).label)
