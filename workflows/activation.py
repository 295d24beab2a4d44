"""What viewflow does with our steps: opens a work item, closes it, goes on to the next.

Only what the engine needs is written, in few statements: viewflow's own saving of all columns,
its gateway rows and its end rows cost more than a submit may (DESIGN 3, trap 11).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.start import StartViewActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.status import PROCESS, STATUS

from cases import clock, deadlines
from cases.models import WorkItem
from workflows import assignment, spans

if TYPE_CHECKING:
    from cases.models import Decision, User
    from workflows.steps import Branch


class _Onward:
    """Goes on along the branch that the action chose."""

    by: "User | None" = None
    returned_by: "Decision | None" = None  # the decision that sends the case back
    branch: "Branch"
    opened: WorkItem | None = None
    process: Any
    task: Any
    execute: Any

    def follow(self, branch: "Branch") -> None:
        """Finish this step and go on along `branch`, moving the case's state on the way."""
        case = self.process
        self.branch = branch
        if branch.moves is not None:
            branch.moves(case)
        if branch.node.task_type == "END":
            case.status, case.finished = PROCESS.DONE, timezone.now()
            case.closed_at = clock.now()
        self.execute()

    def _create_next(self) -> Iterator[Activation]:
        if self.branch.node.task_type != "END":
            following = self.branch.node._create(self, self.task.token)
            self.opened = following.task
            yield following


class StepActivation(_Onward, ViewActivation):
    """A human step or a wait."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> "StepActivation":
        """Open the work item of a step: whose it is, when it is due, who is told.

        Of what the calendar opens, by hundreds at once, nobody is told: the ladder reminds.
        """
        case, at = prev_activation.process, clock.now()
        item = WorkItem(
            process=case,
            flow_task=flow_task,
            token=token,
            role=flow_task.role,
            area_id=case.area_id,
            opened_at=at,
            returned_by=prev_activation.returned_by,
        )
        if flow_task.task_type == "WAIT":
            item.wakes_on = getattr(case, flow_task.until)
        candidates = assignment.assign(item, prev_activation)
        if item.owner_id:
            item.status = STATUS.ASSIGNED
        if flow_task.due:
            rule, _chosen = deadlines.rule_in_force(case, flow_task.name, flow_task.due, at=at)
            item.due_on = deadlines.due_on(case, rule, at=at)
        item.save(force_insert=True)
        item.previous.add(prev_activation.task)
        if item.due_on:
            deadlines.start(case, item, flow_task.due, at=at, ladder=flow_task.ladder)
        spans.step_opened(item)
        if not getattr(prev_activation.flow_task, "by_calendar", False):
            assignment.tell(item, candidates, prev_activation.by)
        return cls(item)

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Close the work item and its deadline, and the spans that end with it."""
        self.task.finished, self.task.closed_at = timezone.now(), clock.now()
        self.task.draft = {}
        self.task.save(
            update_fields=["status", "owner", "started", "finished", "closed_at", "draft"]
        )
        spans.step_done(self.task, self.process, back=self.flow_task.sends_back(self.branch))

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        return self._create_next()


class OpenActivation(_Onward, StartViewActivation):
    """The step that opens the case."""

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Keep who opened the case as its first, finished work item."""
        case = self.process
        self.task.process, self.task.area_id = case, case.area_id
        self.task.role = self.flow_task.role
        self.task.finished = timezone.now()
        self.task.opened_at = self.task.closed_at = clock.now()
        self.task.save(force_insert=True)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        return self._create_next()
