"""What a step records line by line, beside its fields: members, seats (handbook 5.1, 2.3-2.4).

A procedure describes its lines once, in its folder: the model and its columns, how the lines of
a case are read, checked and kept. The step's page, the checks and the record all follow that
description.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

Line = dict[str, Any]

LINES = "lines"  # where an event's text keeps the lines of a step, beside its columns by name


@dataclass(frozen=True)
class Column:
    """One column of the lines: a column of the model, and how it is asked and shown."""

    name: str
    label: Any = ""  # where the model's own words do not fit the table
    optional: bool = False
    preset: bool = False  # filled in from the start: by itself it makes no line
    personal: bool = False  # shown masked to whoever only looks on
    brief: bool = False  # names the line where it is folded up, on a phone
    lead: bool = False  # a choice that says what the folded line is for, over its name
    suggested: bool = False  # a browser offers what `Rows.suggestions` names
    field: Callable[..., Any] | None = None  # a form field other than that of the model's column


@dataclass(frozen=True)
class Problem:
    """What is wrong with the lines: with the cell of one, counted from 0, or with all of them."""

    text: str
    line: int | None = None
    column: str = ""


class Rows:
    """Lines of `model`, one table on the page of a step."""

    model: ClassVar[type[models.Model]]
    columns: ClassVar[Sequence[Column]] = ()
    key: ClassVar[str] = ""  # the number that a kept line is known by, sent along unseen
    title: ClassVar[Any] = ""
    hint: ClassVar[Any] = ""
    most: ClassVar[int] = 300  # lines
    spare: ClassVar[int] = 10  # empty lines offered below the filled ones

    def kept(self, case: Any) -> list[Line]:
        """The lines as the database has them, in their order."""
        raise NotImplementedError

    def keep(self, case: Any, lines: list[Line]) -> None:
        """Make the database have these lines, in a number of statements that does not grow."""
        raise NotImplementedError

    def correct(self, case: Any, before: list[Line], lines: list[Line]) -> None:
        """Make the database have `lines` in place of `before`, as a finished step is corrected.

        Where rows can come beside those of the step later on, they stay.
        """
        self.keep(case, lines)

    def problems(self, case: Any, lines: list[Line]) -> list[Problem]:
        """What the lines break, each at its cell where it has one; their cells are clean."""
        raise NotImplementedError

    def start(self, case: Any) -> list[Line]:
        """Lines to begin with, where nobody has filled in any: presets, to be completed."""
        return []

    def suggestions(self, case: Any) -> dict[str, list[str]]:
        """What a browser may offer while somebody types, by column."""
        return {}

    def summary(self, case: Any, lines: list[Line]) -> str:
        """The lines in one sentence, for the record."""
        return _("%(count)s lines") % {"count": len(lines)}

    def lines(self, case: Any) -> list[Line]:
        """The lines of `case` as they are being entered, else as kept; read once a case."""
        held: dict[Any, list[Line] | None] = case.__dict__.setdefault("_lines", {})
        if self not in held:
            held[self] = self.kept(case)
        return held[self] or []

    def enter(self, case: Any, lines: Iterable[Line] | None) -> None:
        """Let guards and checks see these lines as those of `case`; nothing is written.

        None are lines that cannot be judged yet, since some of their cells make no sense.
        """
        entered = None if lines is None else list(lines)
        case.__dict__.setdefault("_lines", {})[self] = entered

    def forget(self, case: Any) -> None:
        """Read the lines anew when they are next asked for."""
        case.__dict__.setdefault("_lines", {}).pop(self, None)

    def wrong(self, case: Any) -> list[Problem]:
        """What the lines of `case` break as they stand."""
        lines = self.lines(case)
        if case.__dict__["_lines"][self] is None:
            return []
        if len(lines) > self.most:
            what = {"most": self.most, "count": len(lines)}
            return [Problem(_("At most %(most)s lines; there are %(count)s.") % what)]
        return self.problems(case, lines)

    def column(self, name: str) -> Column:
        """The column called `name`."""
        return next(column for column in self.columns if column.name == name)

    def label(self, column: Column) -> str:
        """What stands over a column."""
        field: Any = self.model._meta.get_field(column.name)
        return capfirst(str(column.label or field.verbose_name))
