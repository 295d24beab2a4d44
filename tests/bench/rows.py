"""One line of the bench: a name, our figure, somebody else's, and how they compare."""

import json
from dataclasses import dataclass

SECONDS = "s"


@dataclass(frozen=True)
class Row:
    """A measurement; `unit` is a rate, of which more is better, or SECONDS, of which less is."""

    name: str
    unit: str
    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        """Ours over the peer's, for times the peer's over ours: larger is better."""
        return self.peer / self.ours if self.unit == SECONDS else self.ours / self.peer

    def as_json(self) -> str:
        """One JSON object."""
        return json.dumps(
            {
                "name": self.name,
                "unit": self.unit,
                "ours": round(self.ours, 2),
                "peer": round(self.peer, 2),
                "ratio": round(self.ratio, 3),
            }
        )


def table(rows: list[Row]) -> str:
    """The rows for people."""
    lines = [("", "ours", "peer", "unit", "ratio")]
    lines += [
        (row.name, f"{row.ours:,.1f}", f"{row.peer:,.1f}", row.unit, f"{row.ratio:.2f}")
        for row in rows
    ]
    name, *others = (max(map(len, column)) for column in zip(*lines, strict=True))
    return "\n".join(
        "  ".join(
            [
                line[0].ljust(name),
                *(cell.rjust(width) for cell, width in zip(line[1:], others, strict=True)),
            ]
        )
        for line in lines
    )
