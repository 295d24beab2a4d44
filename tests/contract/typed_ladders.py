"""Ladders as a browser sends them, and their addresses for the tests that walk them all."""

from datetime import time
from typing import Any

from cases import ladders
from cases.models import Area
from project.office.ladder_change import digest
from project.office.ladder_entry import LadderEntry
from project.office.ladder_forms import offered


def typed_ladder(code: str, place: str) -> dict[str, str]:
    """The form of the ladder that counts at `place`, as the page shows it."""
    ladder, area = ladders.current(code, place), Area.objects.get(pk=place)
    entry = LadderEntry.of(ladder, offered(area, []))
    fields = [field for form in (entry.form, *entry.rungs) for field in form]
    values = {field.html_name: field.value() for field in fields}
    shown = {name: value for name, value in values.items() if value not in (None, "", False)}
    sent = {
        name: f"{value:%H:%M}" if isinstance(value, time) else str(value)
        for name, value in shown.items()
    }
    return sent | {"base": str(ladder.pk)}


def add_places(world: Any) -> None:
    """The ladders of the district: tried, let count after its dry run, and without one."""
    here, ladder = "TH4203", ("TH4203", "default")
    world.add("office-ladders")
    world.add("office-ladders district", query=f"?area={here}")
    sent = typed_ladder("default", here)
    world.add("office-ladder", *ladder, sent=sent | {"dry_run": "1"})
    saved = sent | {"reason": "เหตุ", "submit": "1"}
    tried = {"tried": digest(ladders.current("default", here))}
    world.add("office-ladder tried", *ladder, sent=saved | tried)
    world.add("office-ladder untried", *ladder, sent=saved)
    world.add("office-ladder unknown", here, "nothing")
