"""The base of every procedure: a viewflow flow whose cases are opened and ended here."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from viewflow.workflow.base import Flow
from viewflow.workflow.status import PROCESS, STATUS

from cases import audit, clock, contents, deadlines, eras
from cases.audit import EventKind
from cases.models import Area, Case, CaseCounter, Party, Post, User, WorkItem
from cases.papers.paper import Paper
from workflows import assignment
from workflows.lock import CaseLock, locked_case
from workflows.spans import Span
from workflows.steps import Ending, Finish, Open, Stage, Step

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Procedure(Flow):
    """A procedure reads like the manual: stages as headed blocks, steps in their order.

    A base without nodes; viewflow's flows must not inherit nodes (DESIGN 9, trap 7).
    """

    code: ClassVar[str] = ""
    endings: ClassVar[dict[str, Ending]] = {}
    spans: ClassVar[dict[str, Span]] = {}
    papers: ClassVar[tuple[Paper, ...]] = ()
    task_class = WorkItem
    lock_impl = CaseLock()
    process_class: Any = Case

    def __init_subclass__(cls, **kwargs: Any) -> None:
        stage = ""
        for value in list(vars(cls).values()):
            if isinstance(value, Stage):
                stage = value.name
            elif isinstance(value, Step | Open | Finish):
                value.stage = stage
        super().__init_subclass__(**kwargs)

    @classmethod
    def on_group(cls, party: Party) -> dict[str, Any] | None:
        """What this procedure tells on the page of a group: a `template` and what it shows."""
        return None

    @classmethod
    def on_area(cls, user: User, area: Area) -> dict[str, Any] | None:
        """What it tells `user` on the page of an area, as `on_group`."""
        return None

    @classmethod
    def steps(cls) -> list[Step]:
        """The human steps and waits in the order of the manual."""
        return [node for node in cls._in_order() if isinstance(node, Step)]

    @classmethod
    def stages(cls) -> list[str]:
        """The names of the stages in their order."""
        return list(dict.fromkeys(step.stage for step in cls.steps()))

    @classmethod
    def start_node(cls) -> Open:
        """The step that opens a case."""
        return next(node for node in cls._in_order() if isinstance(node, Open))

    @classmethod
    def _in_order(cls) -> list[Any]:
        nodes = cls._nodes_by_name
        return [nodes[name] for name in vars(cls) if name in nodes]

    @classmethod
    def open(
        cls,
        *,
        by: User | None,
        post: Post | None,
        area: Area,
        values: dict[str, Any],
        parent: Case | None = None,
    ) -> Any:
        """Open a case about `area` and its first step; returns the case.

        `values` are the opening step's fields, `by` is None where the calendar opens it. The
        number is KIND-PROVINCE-FISCAL YEAR-running (handbook 5). Whether `by` may open one is
        the caller's to ask (workflows/actions.py).
        """
        node = cls.start_node()
        activation = node.activation_class.create(node, None, None)
        case = activation.process = cls.process_class(flow_class=cls, **values)
        at = clock.now()
        fiscal_year = eras.fiscal_year(clock.today())
        case.procedure, case.area, case.opened_by, case.opened_at = cls.code, area, by, at
        case.number = CaseCounter.take(f"{cls.code}-{province_of(area)}-{fiscal_year}")
        case.content, case.parent_case = contents.current(cls.code), parent
        activation.by = by
        activation.start(_Request(by))
        activation.follow(node.branch_for(case))
        audit.record(case, EventKind.CASE_OPENED, by=by, post=post, at=at, text=filled(values))
        return case

    @classmethod
    def end(cls, case: Case, how: str, by: User | None, post: Post | None, reason: str) -> Any:
        """End `case` before its time in the way `how` of `endings`, e.g. "cancelled".

        `by` is None where its day came (`Ending.on`).
        Closes every open item and deadline, moves the state and writes the event in one
        transaction. Raises KeyError for an unknown way, TransitionNotAllowed where the state
        does not admit it.
        """
        with locked_case(case) as locked:
            before, at = locked.state, clock.now()
            cls.endings[how].moves(locked)
            open_items: QuerySet[WorkItem] = locked.task_set.filter(closed_at__isnull=True)
            owners = dict(open_items.values_list("pk", "owner"))
            closed = list(owners)
            open_items.update(status=STATUS.CANCELED, finished=timezone.now(), closed_at=at)
            deadlines.close_all(locked, at=at)
            locked.status, locked.finished = PROCESS.CANCELED, timezone.now()
            locked.closed_at = at
            locked.save(update_fields=["state", "status", "finished", "closed_at"])
            codes = {"how": how, "state": [before, locked.state], "closed": closed}
            audit.record(
                locked,
                EventKind.CASE_ENDED,
                by=by,
                post=post,
                at=at,
                codes=codes,
                text={"reason": reason} if reason else None,
            )
            with_work = [owner for owner in owners.values() if owner]
            assignment.tell_the_end(locked, "", by=by, reason=reason, owners=with_work)
            return locked


def province_of(area: Area) -> str:
    """The province's digits; outside Thailand with the country, since digits repeat."""
    return area.code[2:4] if area.code.startswith("TH") else area.code[:4]


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The values that were filled in: what was recorded, for the event's text."""
    return {name: value for name, value in values.items() if value not in (None, "")}


class _Request:
    """viewflow's start wants a request for its user alone."""

    def __init__(self, user: User | None) -> None:
        self.user = user
