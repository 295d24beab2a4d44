"""What can be imported: each kind declares its columns, judges its lines and writes them.

The check and the import ask the same `Kind` in the same order, so that the one predicts the
other; only `write` is left out. Kinds are plug-ins named in the settings, since cases may not
know procedures.
"""

from collections.abc import Hashable, Iterable, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cases import people
from cases.imports.columns import Column, Headings, Line
from cases.models import Area, User


class Outcome(StrEnum):
    """What becomes of a line."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Kind:
    """One kind of file for one administrator, judged in batches from its first line on.

    What accepted lines of this file stand for is remembered by key, with their numbers.
    """

    code: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    hint: ClassVar[Any] = ""

    def __init__(self, by: User) -> None:
        self.by = by
        self.administered = people.administered_areas(by)
        self.country = self.administered[0][:2] if self.administered else "TH"
        self._claimed: dict[Hashable, dict[int, Any]] = {}
        self.areas: dict[str, Area] = {}

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The columns in the order of the template."""
        return self.declare()

    @cached_property
    def headings(self) -> Headings:
        return Headings(self.columns)

    def declare(self) -> Sequence[Column]:
        """The columns of the kind; asked once."""
        raise NotImplementedError

    def load(self, lines: Iterable[Line]) -> None:
        """Read what stands in the database about these lines, in a number of statements that
        does not grow with them."""
        raise NotImplementedError

    def check(self, line: Line) -> None:
        """Refuse at its cells what the line breaks; some of its cells may be refused already."""
        raise NotImplementedError

    def keys(self, line: Line) -> Sequence[Hashable]:
        """What a line without faults stands for; two lines of a file may not share one."""
        raise NotImplementedError

    def outcome(self, line: Line) -> Outcome:
        """What a line without faults would do to what was loaded."""
        raise NotImplementedError

    def write(self, lines: list[Line], run: Any) -> None:
        """Write lines that add or change something, in few statements for all."""
        raise NotImplementedError

    def claims(self, line: Line) -> Iterable[tuple[Hashable, Any]]:
        """What else `check` wants to know of accepted lines, by key; see `before`."""
        return ()

    def judge(self, line: Line) -> None:
        """`check` the line, and refuse it when it repeats an accepted one of this file."""
        if "" in line.faults:  # it is no line of the file at all
            return
        self.check(line)
        if line.faults:
            return
        first = min((n for key in self.keys(line) for n, _v in self.before(key, line)), default=0)
        if first:
            line.refuse("", _("This repeats line %(first)s of the file.") % {"first": first})

    def accept(self, line: Line) -> None:
        """Remember what the line stands for, for those that come after it."""
        for key, value in [*((key, None) for key in self.keys(line)), *self.claims(line)]:
            self._claimed.setdefault(key, {})[line.number] = value

    def before(self, key: Hashable, line: Line) -> list[tuple[int, Any]]:
        """What accepted lines before this one claimed under `key`, with their numbers."""
        claimed = self._claimed.get(key, {})
        return [(number, value) for number, value in claimed.items() if number < line.number]

    def forget(self, after: int) -> None:
        """Forget lines behind line `after`: their batch was rolled back."""
        for claimed in self._claimed.values():
            for number in [number for number in claimed if number > after]:
                del claimed[number]

    def load_areas(self, codes: Iterable[str]) -> None:
        """Read the areas with these codes and those right above them; one statement."""
        wanted = {code for code in codes if code}
        self.areas = Area.objects.in_bulk(wanted | {code[:-2] for code in wanted})

    def standing_area(self, line: Line, column: str) -> Area | None:
        """The area whose code stands in `column`; refuses one unknown, abolished or not ours."""
        code = line.get(column)
        if not code or not self.is_administered(line, column, code):
            return None
        area = self.areas.get(code)
        if area is None:
            line.refuse(column, _("No area has the code %(code)s.") % {"code": code[2:]})
        elif area.abolished_on:
            line.refuse(column, abolished(area))
        else:
            return area
        return None

    def is_administered(self, line: Line, column: str, code: str) -> bool:
        """Whether the area lies in the administrator's own; else the line is refused there."""
        own = any(code.startswith(each) for each in self.administered)
        if not own:
            message = _("%(code)s lies outside the areas that you administer.")
            line.refuse(column, message % {"code": code[2:]})
        return own


def abolished(area: Area) -> str:
    """Why an abolished area is refused, with its successor (handbook 3.1)."""
    if area.successor_id:
        what = {"code": area.code[2:], "successor": area.successor_id[2:]}
        return _("%(code)s was abolished; its successor is %(successor)s.") % what
    return _("%(code)s was abolished.") % {"code": area.code[2:]}


def known() -> dict[str, type[Kind]]:
    """The kinds of this house by their codes, in the order of the settings."""
    kinds = [import_string(path) for path in settings.IMPORT_KINDS]
    return {kind.code: kind for kind in kinds}
