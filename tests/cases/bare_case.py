"""A case without a flow behind it: enough for what only keeps to the case (trail, documents)."""

from itertools import count

from django.db import connection

from cases import audit
from cases.audit import EventKind
from cases.models import Area, Case, Post, ProcedureContent, User
from cases.roles import Role

_numbers = count(1)


def bare_case(area: str = "TH420301") -> Case:
    """A new case at `area`, as a plain row."""
    place, _ = Area.objects.get_or_create(code=area, defaults={"level": len(area) // 2 - 1})
    content, _ = ProcedureContent.objects.get_or_create(
        procedure="SGF", version=1, defaults={"digest": "-", "body": {}}
    )
    number = f"SGF-42-2567-{next(_numbers):04}"
    opener, _ = User.objects.get_or_create(username="opener", defaults={"name": "สมชาย ใจดี"})
    return Case.objects.create(
        number=number, procedure="SGF", content=content, area=place, opened_by=opener, flow_class=""
    )


def officer(
    username: str = "officer", area: str = "TH4203", role: str = Role.FIELD_OFFICER
) -> User:
    """Somebody who holds `role` at `area` since long ago."""
    place, _ = Area.objects.get_or_create(code=area, defaults={"level": len(area) // 2 - 1})
    user = User.objects.create(username=username, name=f"Name of {username}")
    Post.objects.create(user=user, role=role, area=place, starts_on="2020-01-01")
    return user


def chained(length: int = 4) -> Case:
    """A case with `length` events; every second one has a text."""
    case, by = bare_case(), officer(f"officer{Case.objects.count()}")
    for number in range(1, length + 1):
        text = {"reason": f"เหตุผล {number}"} if number % 2 == 0 else None
        audit.record(
            *(case, EventKind.STEP_DONE),
            by=by,
            post=by.posts.get(),
            step="study",
            codes={"item": number, "to": "analyse"},
            text=text,
        )
    return case


def check_constraints_now() -> None:
    """Check deferred foreign keys: PostgreSQL alters no table while such checks are pending."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
