"""What a procedure says of a paper that can be made of its cases."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.contents import Texts


@dataclass(frozen=True)
class Paper:
    """One kind of paper: its code, its title, its layout and where its texts come from.

    `available` says whether the case has come so far; it asks the case alone, no database.
    `data` gives what the layout sets, written out as it shall stand on the paper.
    """

    code: str
    title: Texts
    layout: Path
    available: Callable[[Any], bool]
    data: Callable[[Any], dict[str, Any]]
