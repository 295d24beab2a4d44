"""Line charts as numbers for a template to draw: inline SVG, made on the server (DESIGN 7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import ceil, floor, log10

Value = Decimal | int | None
Height = Callable[[Decimal | int], float]

WIDTH, HEIGHT = 360, 190  # units of the drawing; at 360 px one unit is one pixel
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 12, 26
_TICKS = 4


@dataclass(frozen=True)
class Line:
    """One figure over time: `values` in the order of the chart's labels, None where unknown."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Drawn:
    """A line as drawn: unbroken runs of points as SVG wants them, and every point by itself."""

    label: str
    runs: list[str]
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class Chart:
    """A chart in units of WIDTH by HEIGHT: lines, y ticks as (y, value), x labels as (x, text)."""

    lines: list[Drawn]
    ticks: list[tuple[float, int]]
    labels: list[tuple[float, str]]
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    base: int = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def draw(labels: Sequence[str], lines: Sequence[Line], unit: int = 1) -> Chart:
    """Place `lines` over `labels` from 0 up; a value that is not known breaks its line.

    `unit` is what one step of the axis counts, e.g. 1000 baht. Only so many labels are written
    as have room.
    """
    known = [value for line in lines for value in line.values if value is not None]
    step = _step(max([*known, 1]) / unit)
    top = step * ceil(max([*known, 1]) / unit / step)
    places = [_x(number, len(labels)) for number in range(len(labels))]

    def height(value: Decimal | int) -> float:
        inner = HEIGHT - _TOP - _BOTTOM
        return round(HEIGHT - _BOTTOM - float(value) / unit / top * inner, 1)

    return Chart(
        lines=[_drawn(line, places, height) for line in lines],
        ticks=[(height(tick * unit), tick) for tick in range(0, top + 1, step)],
        labels=_written(places, labels),
    )


def _drawn(line: Line, places: list[float], height: Height) -> Drawn:
    runs, points = [], []
    placed = list(zip(places, line.values, strict=True))
    for is_known, run in groupby(placed, key=lambda pair: pair[1] is not None):
        if is_known:
            here = [(x, height(value)) for x, value in run if value is not None]
            points += here
            runs.append(" ".join(f"{x},{y}" for x, y in here))
    return Drawn(line.label, runs, points)


def _x(number: int, count: int) -> float:
    inner = WIDTH - _LEFT - _RIGHT - 20
    return round(_LEFT + 10 + inner * (number / (count - 1) if count > 1 else 0.5), 1)


def _written(places: list[float], labels: Sequence[str]) -> list[tuple[float, str]]:
    """Every second or third label where all would run into one another; the last one always."""
    every = max(1, ceil(len(labels) / 6))
    last = len(labels) - 1
    return [
        (x, text)
        for number, (x, text) in enumerate(zip(places, labels, strict=True))
        if (last - number) % every == 0
    ]


def _step(largest: float | Decimal) -> int:
    """A round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = max(float(largest) / _TICKS, 1)
    power = 10 ** floor(log10(rough))
    return int(next(power * n for n in (1, 2, 5, 10) if power * n >= rough))
