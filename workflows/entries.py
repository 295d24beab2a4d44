"""What a step's page sends, and keeping its ticks and mended defects."""

from dataclasses import dataclass, field
from typing import Any

from cases import clock
from cases.models import ChecklistTick, User, WorkItem
from workflows.rows import Line


@dataclass
class Entries:
    """What a step's page sends: values of the form, ticks, how defects were mended, and lines."""

    values: dict[str, Any] = field(default_factory=dict)
    ticked: set[str] | None = None
    mended: dict[int, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def keep(item: WorkItem, by: User, entries: Entries) -> dict[str, Any]:
    """Write ticks and mended defects; returns what changed, as codes for the event."""
    case, step, at = item.process, item.step, clock.now()
    codes: dict[str, Any] = {}
    if entries.ticked is not None:
        ticked = set(case.ticks.filter(step=step).values_list("item", flat=True))
        new, gone = sorted(entries.ticked - ticked), sorted(ticked - entries.ticked)
        if new:
            ChecklistTick.objects.bulk_create(
                ChecklistTick(case=case, step=step, item=code, ticked_by=by, ticked_at=at)
                for code in new
            )
            codes["ticked"] = new
        if gone:
            case.ticks.filter(step=step, item__in=gone).delete()
            codes["unticked"] = gone
    for pk, note in entries.mended.items():
        open_defect = case.defects.filter(pk=pk, step=step, mended_at__isnull=True)
        if open_defect.update(mended_note=note, mended_by=by, mended_at=at):
            codes.setdefault("mended", []).append(pk)
    return codes
