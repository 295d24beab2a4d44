"""Running work under a deadline, as plain rows: for what tells people, without the engine."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cases import deadlines
from cases.models import Area, Case, Deadline, Post, User, WorkItem
from cases.roles import Role
from tests.cases.bare_case import bare_case

BANGKOK = ZoneInfo("Asia/Bangkok")
TAMBON, DISTRICT, PROVINCE = "TH420301", "TH4203", "TH42"

_PLACE_NAMES = {
    "TH": ("ประเทศไทย", "Thailand"),
    PROVINCE: ("เลย", "Loei"),
    DISTRICT: ("เชียงคาน", "Chiang Khan"),
    TAMBON: ("เชียงคาน", "Chiang Khan"),
}


def at(day: str, time: str = "09:00") -> datetime:
    """A moment in the office's time zone."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=BANGKOK)


def places() -> None:
    """The areas from the country down to the tambon, with names."""
    for level, (code, (thai, english)) in enumerate(_PLACE_NAMES.items()):
        parent = code[:-2] if level else None
        values = {"level": level, "parent_id": parent, "name_th": thai, "name_en": english}
        Area.objects.update_or_create(code=code, defaults=values)


def person(username: str, role: str | None = None, area: str = TAMBON, **values: object) -> User:
    """Somebody with an address, and a post if `role` is given."""
    defaults = {"name": username.title(), "email": f"{username}@example.org", "language": "en"}
    user = User.objects.create(username=username, **{**defaults, **values})
    if role:
        Post.objects.create(user=user, role=role, area_id=area, starts_on="2020-01-01")
    return user


def work_under_deadline(
    start: datetime,
    owner: User | None = None,
    *,
    role: str = Role.FIELD_OFFICER,
    working_days: int = 7,
) -> Deadline:
    """A case in the tambon with one open work item of `role`, begun at `start`."""
    case = bare_case(TAMBON)
    Case.objects.filter(pk=case.pk).update(flow_class="savings_group/flows.SavingsGroupFlow")
    item = WorkItem.objects.create(
        process=case,
        flow_task="savings_group/flows.SavingsGroupFlow.study",
        flow_task_type="HUMAN",
        owner=owner,
        role=role,
        area_id=TAMBON,
        opened_at=start,
    )
    item.refresh_from_db(fields=["flow_task"])  # from its path to the step itself
    return deadlines.start(case, item, {"working_days": working_days}, at=start)
