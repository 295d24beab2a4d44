"""The places of the bell and of choices, for world.py."""

from typing import Any

from cases import clock
from notifications import outbox
from notifications.models import Message

FACTS = {
    "case": "SGF-42-2570-0001",
    "title": {"th": "กลุ่มออมทรัพย์", "lo": "ກຸ່ມທ້ອນເງິນ", "en": "Savings group"},
    "step": {"th": "ศึกษาข้อมูลหมู่บ้าน", "lo": "ສຶກສາຂໍ້ມູນບ້ານ", "en": "Study village data"},
    "area": {"th": "เชียงคาน", "lo": "ຊຽງຄານ", "en": "Chiang Khan"},
    "due_on": "2026-11-23",
    "late_days": 3,
    "url": "/work/",
}


def add_places(world: Any) -> None:
    """The officer was told of something."""
    outbox.queue(
        to=world.cast.officer, template="overdue", context=FACTS, key="told", at=clock.now()
    )
    told = Message.objects.get(key="told")
    world.add("bell")
    world.add("bell-seen", sent={"newest": str(told.pk)})
    world.add("bell-seen nonsense", sent={"newest": "all"})
    world.add("bell-follow", told.pk)
    world.add("bell-follow unknown", 9_223_372_036_854_775_807)
    world.add("my-messages", sent={"work": ["LINE"], "daily": ["EMAIL"]})
