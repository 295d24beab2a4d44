"""The kinds of step that a procedure is written with.

    study = (
        Fill("study_source", "study_year")
        .By(FIELD_OFFICER)
        .Due(working_days=7)
        .Next(this.analyse)
    )

A step says who does it (`By`), how long it may take (`Due`) and what follows. Simple branches
(`When … Otherwise`) and changes of the case's state (`moves=`) ride on the step, so that they
cost no rows of their own (DESIGN 3). What happens when a step is done stands in
`workflows/actions.py`, who may do it in `workflows/rights.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from viewflow.this_object import this
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.nodes import Start, View

from cases.guards import Guard
from cases.models import Case
from workflows.activation import OpenActivation, StepActivation
from workflows.rows import Rows

# A method of the case decorated by django-fsm-2; its table of transitions hangs on it.
Transition = Any
Fact = Callable[[Any], bool]
Suggest = Callable[[Any], dict[str, Any]]
"""Values by column that a form offers where nothing is recorded yet."""


@dataclass
class Branch:
    """One way on from a step: taken when `when` holds for the case, or always."""

    node: Any
    moves: Transition | None = None
    when: Fact | None = None

    @property
    def label(self) -> str:
        """The fact under which the branch is taken, as named on the model."""
        return self.when.__name__ if self.when else ""


class Stage:
    """Heads a block of a procedure: the steps declared below it belong to this stage."""

    name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


class _Branching:
    """Ways on from a step; the first whose fact holds is taken."""

    _ways: list[Branch]
    name: str

    def Next(self, node: Any, moves: Transition | None = None) -> Any:
        """The only way on."""
        self._ways.append(Branch(node, moves))
        return self

    def When(self, fact: Fact, node: Any, moves: Transition | None = None) -> Any:
        """A way on that is taken when `fact` holds; tried in the order written."""
        self._ways.append(Branch(node, moves, fact))
        return self

    Otherwise = Next

    @property
    def branches(self) -> list[Branch]:
        return list(self._ways)

    def branch_for(self, case: Case) -> Branch:
        """The way on from here for `case`. Flows branch on facts, never on the state."""
        return next(b for b in self._ways if b.when is None or b.when(case))

    def _resolve(self, instance: Any) -> None:
        self._ways = [Branch(this.resolve(instance, b.node), b.moves, b.when) for b in self._ways]

    def _outgoing(self) -> Iterator[Edge]:
        for branch in self.branches:
            yield Edge(src=self, dst=branch.node, edge_class="next", label=branch.label)


class Step(_Branching, View):
    """A step that a person does."""

    activation_class = StepActivation
    role: str = ""
    due: dict[str, Any] | None = None
    extend: int | None = None  # see Due
    ladder = "default"
    fields: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()
    warnings: tuple[Guard, ...] = ()
    suggest: Suggest | None = None
    asked: frozenset[str] = frozenset()  # optional fields that a guard may ask for
    rows: Rows | None = None
    writes: Callable[[Any], None] | None = None
    stage = ""
    four_eyes = False  # whether those who worked on the case may not do this step

    def __init__(self) -> None:
        super().__init__(view=None)
        self._ways = []

    def By(self, role: str) -> Any:
        """Who does it: the holders of `role` for the case's area."""
        self.role = role
        return self

    def Due(self, *, extend: int | None = None, **rule: Any) -> Any:
        """When it is due: a rule as `cases.due` takes it, e.g. working_days=7, day_of_month=20.

        `extend` is by how many days its deadline may be extended at most, in the rule's unit;
        for None see `workflows.extensions`.
        """
        self.due, self.extend = rule, extend
        return self

    def Ladder(self, code: str) -> Any:
        """Who is nagged and when, if not by the default ladder (handbook 4.3)."""
        self.ladder = code
        return self

    def sends_back(self, branch: Branch) -> bool:
        """Whether the case was not brought on by this step but returned."""
        return False


class Open(_Branching, Start):
    """The first step: opens the case with these `fields`."""

    activation_class = OpenActivation
    role: str = ""
    rows = None
    stage = ""

    def __init__(
        self,
        *fields: str,
        optional: tuple[str, ...] = (),
        warnings: tuple[Guard, ...] = (),
    ) -> None:
        super().__init__(view=None)
        self._ways = []
        self.fields = (*fields, *optional)
        self.optional = frozenset(optional)
        self.warnings = warnings
        self.guards: tuple[Guard, ...] = ()
        self.by_calendar = False

    def By(self, role: str) -> "Open":
        """Who may open a case of this procedure in an area."""
        self.role = role
        return self

    def ByCalendar(self) -> "Open":
        """Nobody opens it by hand: the calendar does (handbook 8, rule 3)."""
        self.by_calendar = True
        return self


class Fill(Step):
    """Record what was done: the `fields` of the procedure's model, and the step's checklist.

    `guards` must hold before the step is done; `warnings` are shown to whoever does it and to
    whoever decides on it; `suggest` says what the empty form offers. The checklist stands in
    content.yaml.

    `rows` are lines recorded beside the fields. `writes` keeps elsewhere what the case recorded,
    once all is right.
    """

    def __init__(
        self,
        *fields: str,
        optional: tuple[str, ...] = (),
        guards: tuple[Guard, ...] = (),
        warnings: tuple[Guard, ...] = (),
        suggest: Suggest | None = None,
        rows: Rows | None = None,
        writes: Callable[[Any], None] | None = None,
    ) -> None:
        super().__init__()
        self.warnings = warnings
        self.suggest = suggest
        self.rows, self.writes = rows, writes
        self.fields = (*fields, *optional)
        self.optional = frozenset(optional)
        self.guards = guards
        self.asked = frozenset(name for guard in guards for name in guard.asks)


class Decide(Step):
    """A supervisor decides: approve, or return to a named step with defects, or reject."""

    four_eyes = True

    def __init__(self) -> None:
        super().__init__()
        self._returns: list[Any] = []
        self._reject: Branch | None = None
        self._noted: Branch | None = None

    def Approve(self, node: Any, moves: Transition | None = None) -> "Decide":
        self._ways.append(Branch(node, moves))
        return self

    def Noted(self, node: Any, moves: Transition | None = None) -> "Decide":
        """The way of an approval that is given with a remark."""
        self._noted = Branch(node, moves)
        return self

    def Return(self, *nodes: Any) -> "Decide":
        """The steps to which the case may be sent back; a return never changes the state."""
        self._returns.extend(nodes)
        return self

    def Reject(self, node: Any, moves: Transition | None = None) -> "Decide":
        self._reject = Branch(node, moves)
        return self

    @property
    def returns(self) -> list[Any]:
        """The steps to which this decision may send the case back."""
        return list(self._returns)

    def sends_back(self, branch: Branch) -> bool:
        return branch.node in self._returns

    @property
    def rejection(self) -> Branch | None:
        return self._reject

    @property
    def branches(self) -> list[Branch]:
        return [*self._ways, *filter(None, (self._noted, self._reject))]

    @property
    def noted(self) -> Branch | None:
        return self._noted

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._returns = [this.resolve(instance, node) for node in self._returns]
        for branch in filter(None, (self._noted, self._reject)):
            branch.node = this.resolve(instance, branch.node)

    def _outgoing(self) -> Iterator[Edge]:
        yield from super()._outgoing()
        for node in self._returns:
            yield Edge(src=self, dst=node, edge_class="return", label="return")


class Wait(Step):
    """Nobody's turn until the date in the model's field `until`; then the case goes on.

    `By` may end the wait sooner. A wait has no deadline: it is not late, it waits.
    """

    task_type = "WAIT"

    def __init__(self, until: str) -> None:
        super().__init__()
        self.until = until


class Finish(Node):
    """The end of a case. Costs no row: the last step closes the case."""

    task_type = "END"
    stage = ""

    def _outgoing(self) -> Iterator[Edge]:
        return iter(())


@dataclass(frozen=True)
class Ending:
    """A way to end a case before its time: who may, and what it makes of the case.

    With `on`, a date column of the case, it also comes by itself on that day, unless a decision
    is open then (workflows/tasks.py).
    """

    moves: Transition
    by: str
    on: str = ""
