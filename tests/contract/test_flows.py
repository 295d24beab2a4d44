"""Every procedure of the house is sound, and each rule refuses a flow that breaks it (DESIGN 3)."""

from typing import Any

import pytest
from django_fsm import transition
from viewflow.this_object import this

from cases.models import Case
from cases.roles import Role
from workflows import contents, outline
from workflows.procedure import Procedure
from workflows.spans import Span
from workflows.steps import Decide, Ending, Fill, Finish, Open, Stage, Wait

OFFICER, CHIEF = Role.FIELD_OFFICER, Role.DISTRICT_CHIEF_CD


@pytest.mark.parametrize("flow", contents.procedures(), ids=lambda flow: flow.code)
def test_procedure_is_sound(flow: type[Procedure]) -> None:
    assert outline.problems(flow) == []


@pytest.mark.parametrize("flow", contents.procedures(), ids=lambda flow: flow.code)
def test_content_is_complete(flow: type[Procedure]) -> None:
    assert outline.problems_of_content(flow, contents.read(flow)) == []


@pytest.mark.parametrize("flow", contents.procedures(), ids=lambda flow: flow.code)
def test_walk_meets_every_step_in_every_state_it_can_have(flow: type[Procedure]) -> None:
    walked = outline.walk(flow)
    assert {step.name for step in flow.steps()} <= {node.name for node, _ in walked.pairs}
    assert len(walked.pairs) >= len(flow.steps())


class ToyCase(Case):
    """Three states and an ending: enough to break every rule."""

    class Meta:
        proxy = True
        app_label = "tests"

    agreed = True

    @transition(field="state", source="", target="begun")
    def begin(self) -> None: ...

    @transition(field="state", source="begun", target="finished")
    def finish(self) -> None: ...

    @transition(field="state", source="begun", target="stopped")
    def stop(self) -> None: ...


def agreed(case: Any) -> bool:
    return bool(case.agreed)


class SilentCase(ToyCase):
    """A transition with a condition that cannot say why it fails."""

    class Meta:
        proxy = True
        app_label = "tests"

    @transition(field="state", source="begun", target="stopped", conditions=[agreed])
    def stop_silently(self) -> None: ...


def toy(**changes: Any) -> type[Procedure]:
    """A sound flow of two steps, with some of its parts replaced."""
    parts: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": "A toy",
        "code": "TOY",
        "process_class": ToyCase,
        "work": Stage(),
        "opening": Open("procedure").By(OFFICER).Next(this.fill, moves=ToyCase.begin),
        "fill": Fill("number").By(OFFICER).Due(working_days=1).Next(this.judge),
        "judge": Decide()
        .By(CHIEF)
        .Due(days=1)
        .Return(this.fill)
        .Approve(this.done, moves=ToyCase.finish),
        "done": Finish(),
        "endings": {"stopped": Ending(moves=ToyCase.stop, by=CHIEF)},
    }
    parts.update(changes)
    return type("ToyFlow", (Procedure,), {k: v for k, v in parts.items() if v is not None})


def test_the_toy_itself_is_sound() -> None:
    assert outline.problems(toy()) == []


def _judge() -> Decide:
    return Decide().By(CHIEF).Due(days=1).Return(this.fill)


def _fill(*fields: str) -> Fill:
    return Fill(*fields).By(OFFICER).Due(working_days=1)


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a transition that the state does not allow": (
        {"fill": _fill().Next(this.judge, moves=ToyCase.begin)},
        "fill: begin is not allowed in state “begun”",
    ),
    "a transition that nothing uses": (
        {"endings": {}},
        "transition stop is used by no step and no ending",
    ),
    "a step that no way leads to": (
        {"lost": _fill().Next(this.judge)},
        "lost: no way leads here",
    ),
    "a state that is never reached": (
        {"judge": _judge().Approve(this.done)},
        "state “finished” is never reached",
    ),
    "a path that cannot end": (
        {
            "fill": _fill().When(agreed, this.judge).Otherwise(this.round),
            "round": _fill().Next(this.again),
            "again": _fill().Next(this.round),
        },
        "again: in state “begun” no way leads to an end",
    ),
    "a step that nobody does": (
        {"fill": Fill().Due(days=1).Next(this.judge)},
        "fill: nobody does it, By(role) is missing",
    ),
    "a step without a deadline": (
        {"fill": Fill().By(OFFICER).Next(this.judge)},
        "fill: no deadline, Due(…) is missing",
    ),
    "a step without a ladder": (
        {"fill": _fill().Ladder("").Next(this.judge)},
        "fill: no ladder “”",
    ),
    "a step with a ladder that nobody wrote": (
        {"fill": _fill().Ladder("nonsense").Next(this.judge)},
        "fill: no ladder “nonsense”",
    ),
    "an opening that nobody does": (
        {"opening": Open().Next(this.fill, moves=ToyCase.begin)},
        "opening: nobody does it, By(role) is missing",
    ),
    "a condition that cannot say why": (
        {
            "process_class": SilentCase,
            "endings": {
                "stopped": Ending(moves=ToyCase.stop, by=CHIEF),
                "silenced": Ending(moves=SilentCase.stop_silently, by=CHIEF),
            },
        },
        "transition stop_silently: condition agreed is no guard",
    ),
    "a decision without a way back": (
        {"judge": Decide().By(CHIEF).Due(days=1).Approve(this.done, moves=ToyCase.finish)},
        "judge: a decision needs a way back, Return(…) is missing",
    ),
    "a step whose facts may all fail": (
        {"fill": _fill().When(agreed, this.judge)},
        "fill: no way on when none of its facts holds, Otherwise(…) is missing",
    ),
    "a step that leads nowhere": (
        {"fill": _fill()},
        "fill: no way on when none of its facts holds, Otherwise(…) is missing",
    ),
    "a field that the case does not have": (
        {"fill": _fill("nonsense").Next(this.judge)},
        "fill: the case has no field nonsense",
    ),
    "a wait for a date that the case does not have": (
        {
            "fill": _fill().When(agreed, this.judge).Otherwise(this.later),
            "later": Wait(until="someday").By(OFFICER).Next(this.fill),
        },
        "later: the case has no field someday",
    ),
    "a deadline by no rule": (
        {"fill": Fill("number").By(OFFICER).Due(weeks=1).Next(this.judge)},
        "fill: no rule of a deadline (cases/due.py lists them, working_days, days, on …): "
        "{'weeks': 1}",
    ),
    "a deadline on the day on which the step begins": (
        {"fill": Fill("number").By(OFFICER).Due(days=0).Next(this.judge)},
        "fill: due on the very day on which it begins",
    ),
    "a deadline on a day that the case does not know": (
        {"fill": Fill("number").By(OFFICER).Due(on="someday", days=-60).Next(this.judge)},
        "fill: due on “someday”, which the case does not know",
    ),
    "more time that is less": (
        {"fill": Fill("number").By(OFFICER).Due(day_of_month=20, extend=-1).Next(this.judge)},
        "fill: extended by less than nothing",
    ),
    "a span over a step that is not there": (
        {"spans": {"all_of_it": Span("fill", "nowhere", OFFICER, {"days": 9})}},
        "all_of_it: no step “nowhere”",
    ),
    "a span that nobody answers for": (
        {"spans": {"all_of_it": Span("fill", "judge", "", {"days": 9})}},
        "all_of_it: nobody answers for it, role is missing",
    ),
    "a span that is called like a step": (
        {"spans": {"judge": Span("fill", "judge", OFFICER, {"days": 9})}},
        "judge: a step is called so as well",
    ),
    "a span with a ladder that nobody wrote": (
        {"spans": {"all_of_it": Span("fill", "judge", OFFICER, {"days": 9}, ladder="none")}},
        "all_of_it: no ladder “none”",
    ),
    "a span by no rule": (
        {"spans": {"all_of_it": Span("fill", "judge", OFFICER, {"every": "week"})}},
        "all_of_it: no rule of a deadline (cases/due.py lists them, working_days, days, on …): "
        "{'every': 'week'}",
    ),
    "a step in no stage": (
        {"work": None},
        "fill: belongs to no stage",
    ),
    "an ending that a running case may not take": (
        {
            "opening": Open().By(OFFICER).Next(this.fill),
            "fill": _fill().Next(this.judge, moves=ToyCase.begin),
        },
        "state “”: a running case cannot be ended here",
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_broken_flow_is_refused(rule: str) -> None:
    changes, problem = BROKEN[rule]
    assert problem in outline.problems(toy(**changes))


@pytest.mark.parametrize(
    "rule",
    [
        {"working_days": 7, "extend": 14},
        {"days": 90},
        {"on": "opened_at", "days": -60},
        {"on": "opened_at", "working_days": 3},
        {"day_of_month": 20},
        {"yearly": "03-31"},
        {"window": ("03-06", "03-08")},
        {"every": "quarter"},
        {"end_of": "fiscal_year"},
    ],
    ids=str,
)
def test_every_rule_of_a_deadline_may_stand_on_a_step(rule: dict[str, Any]) -> None:
    fill = Fill("number").By(OFFICER).Due(**rule).Next(this.judge)
    assert outline.problems(toy(fill=fill)) == []


def test_content_without_a_language_or_a_title_is_refused() -> None:
    flow = contents.procedures()[0]
    body = contents.read(flow)
    del body["steps"]["study"]["title"]["lo"]
    del body["states"]["founded"]
    del body["spans"]["preparation_span"]["lo"]
    body["steps"]["study"]["checklist"].append(body["steps"]["study"]["checklist"][0])
    body["steps"]["nonsense"] = {}
    found = outline.problems_of_content(flow, body)
    assert "steps.study.title: no text in lo" in found
    assert "states.founded: no text in th" in found
    assert "spans.preparation_span: no text in lo" in found
    assert "steps.study: data-sheet stands twice" in found
    assert "steps.nonsense: no such step" in found
