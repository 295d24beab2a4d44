"""Seconds of a block, by a clock that never goes back."""

import time
from types import TracebackType
from typing import Self


class Stopwatch:
    """Measures its `with` block: `seconds`, once it is over."""

    seconds: float

    def __enter__(self) -> Self:
        self._began = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.seconds = time.perf_counter() - self._began
