"""`python -m tests.journeys.stage`: what the journeys find in the demonstration beside its own.

In Wang Saphung a second officer and a second chief, so that two can want the same work, and new
cases at their first step. Prints numbers of cases as JSON, by what they are good for.
"""

import json

import django

FIRST_AND_SECOND = (("ws-officer", "ws-officer2"), ("ws-cdchief", "ws-cdchief2"))
TAMBONS = ("TH420901", "TH420902")
CASES = 22  # with the demonstration's own, no more than one page of the work list


def main() -> None:
    """Everything in one go, in the database of the running demonstration."""
    django.setup()
    for first, second in FIRST_AND_SECOND:
        add_colleague(first, second)
    print(json.dumps({"fresh": open_cases(), **standing()}))  # noqa: T201 - conftest.py reads it


def add_colleague(first: str, second: str) -> None:
    """The account `second` with the same posts as `first`."""
    from cases.models import Post, User
    from project.demo.accounts import PASSWORD

    like = User.objects.get(username=first)
    user = User(username=second, name=f"{like.name} สอง", language=like.language)
    user.set_password(PASSWORD)
    user.save()
    for post in Post.objects.filter(user=like):
        Post.objects.create(user=user, role=post.role, area=post.area, starts_on=post.starts_on)


def open_cases() -> list[str]:
    """New cases of the first officer, each in a village of its own."""
    from cases.models import Area, User
    from workflows import actions
    from workflows.contents import by_code

    officer = User.objects.get(username="ws-officer")
    villages = Area.objects.filter(parent__in=TAMBONS, cases=None)[:CASES]
    values = {"trigger": "NO_CAPITAL", "trigger_note": ""}
    return [
        actions.open_case(by_code("SGF"), by=officer, area=village, values=values).number
        for village in villages
    ]


def standing() -> dict[str, str]:
    """Cases of Chiang Khan that the demonstration brings along, by where they stand."""
    from cases.models import Case

    cases = Case.objects.filter(area__code__startswith="TH4203")
    open_item = {"task_set__closed_at": None}
    found = {
        "founded": cases.filter(state="founded"),
        "declined": cases.filter(state="declined"),
        "resting": cases.filter(state="not_ready"),
        "returned": cases.filter(task_set__returned_by__isnull=False, **open_item),
        "gate": cases.filter(task_set__role="DISTRICT_CHIEF_CD", state="preparing", **open_item),
        "verify": cases.filter(task_set__role="DISTRICT_CHIEF_CD", state="founding", **open_item),
        "enrol": cases.filter(task_set__role="FIELD_OFFICER", state="founding", **open_item),
    }
    return {name: each.earliest("pk").number for name, each in found.items()}


if __name__ == "__main__":
    main()
