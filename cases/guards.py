"""Named guards: one home for "is this acceptable, and if not, why?" (DESIGN 3).

The same guard stands behind the form's error, the line on "Why can't I go on?" and the
condition of a state transition.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Explain = Callable[[Any], str]


@dataclass(frozen=True, eq=False)
class Guard:
    """True for a case that may go on; `explain` says in plain words what is missing.

    `asks` names the fields that it asks for: they may be empty, but not always.
    """

    check: Callable[[Any], bool]
    explain: Explain
    field: str = ""
    asks: tuple[str, ...] = ()

    def __call__(self, case: Any) -> bool:
        return self.check(case)

    @property
    def __name__(self) -> str:
        return self.check.__name__


def guard(
    explain: Explain, field: str = "", asks: tuple[str, ...] = ()
) -> Callable[[Callable[[Any], bool]], Guard]:
    """Make a check of a case into a guard; `field` is where it can be mended."""
    return lambda check: Guard(check, explain, field, asks)
