"""Decisions as entered: which way they take, and their row with its defects (handbook 8, 4-5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases import clock
from cases.models import Decision, Defect, User, WorkItem
from workflows.errors import Refused
from workflows.steps import Branch, Decide


@dataclass
class Verdict:
    """A decision as entered: outcome, why, and for a return whereto and with which defects."""

    outcome: str
    reason: str = ""
    return_to: str = ""
    defects: Iterable[str] = ()


def branch_of(step: Decide, verdict: Verdict) -> Branch:
    """The way on that a verdict takes. Raises Refused for one that the step does not offer."""
    if verdict.outcome != Decision.Outcome.APPROVED and not verdict.reason.strip():
        raise Refused(_("A return or a rejection needs a reason."))
    if verdict.outcome == Decision.Outcome.APPROVED:
        return step.noted if step.noted and verdict.reason.strip() else step.branches[0]
    if verdict.outcome == Decision.Outcome.REJECTED and step.rejection:
        return step.rejection
    for node in step.returns:
        if verdict.outcome == Decision.Outcome.RETURNED and node.name == verdict.return_to:
            return Branch(node)
    raise Refused(_("Choose the step to which the case goes back."))


def write(item: WorkItem, by: User, post: Any, verdict: Verdict) -> Decision:
    """Keep the decision, and for a return its defects and round."""
    case = item.process
    earlier = case.decisions.filter(step=item.step, outcome=Decision.Outcome.RETURNED)
    decision = Decision.objects.create(
        case=case,
        work_item=item,
        step=item.step,
        outcome=verdict.outcome,
        decided_by=by,
        role=post.role,
        post=post,
        decided_at=clock.now(),
        reason=verdict.reason,
        returned_to=verdict.return_to if verdict.outcome == Decision.Outcome.RETURNED else "",
        round=earlier.count() + 1,
    )
    if verdict.outcome == Decision.Outcome.RETURNED:
        # A return without a list asks to mend what its reason says.
        texts = [text.strip() for text in verdict.defects if text.strip()] or [verdict.reason]
        Defect.objects.bulk_create(
            Defect(decision=decision, case=case, step=verdict.return_to, text=text)
            for text in texts
        )
    return decision
