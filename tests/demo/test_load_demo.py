"""The demonstration's data: loaded by one command, complete, and the same the second time."""

from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from cases import clock, people, proof, register
from cases.models import Area, Case, Document, Party, Post, RungRecord, User, WorkItem
from cases.roles import Role
from notifications.models import Message
from project.demo.accounts import ACCOUNTS
from project.demo.rollout import PLANS
from project.demonstration import accounts
from workflows.procedures.group_month.models import GroupMonth

pytestmark = pytest.mark.django_db

# A Sunday after the New Year holidays, early in the morning.
SUNDAY = datetime(2027, 1, 3, 0, 30, tzinfo=UTC)


@pytest.fixture
def loaded(settings: Any, tmp_path: Path) -> str:
    settings.MEDIA_ROOT = tmp_path
    return load()


def load() -> str:
    out = StringIO()
    with clock.travel(SUNDAY):
        call_command("load_demo", stdout=out)
    return out.getvalue()


def test_one_command_loads_everything_and_a_second_time_nothing(loaded: str) -> None:
    def stock() -> list[int]:
        models = (Area, Party, User, Post, Case, WorkItem, Document, RungRecord, Message)
        return [model.objects.count() for model in models]

    assert "cases: 16 made" in loaded
    before = stock()
    assert all(before)
    again = load()
    assert stock() == before
    assert "accounts: 0 added" in again
    assert "cases: 0 made" in again

    with clock.travel(SUNDAY):
        everyone_can_sign_in_and_holds_their_post()
        the_cases_stand_where_they_should()
        groups_are_followed_with_a_late_a_returned_and_a_missing_month()
        whoever_is_late_was_told()
    proven = proof.prove()
    assert (proven.cases, proven.broken) == (Case.objects.count(), None)


def everyone_can_sign_in_and_holds_their_post() -> None:
    for entry in accounts():
        user = authenticate(username=entry["username"], password=entry["password"])
        assert user is not None, entry["username"]
        assert user.language == entry["language"]
        assert people.post_for(user, entry["role"], entry["area"]) is not None
    retired = User.objects.get(username="tl-retired")
    assert not retired.is_active
    acting = people.holders(Role.DISTRICT_CHIEF_CD, "TH420801")
    assert [post.user.username for post in acting] == ["tl-acting"]
    assert acting[0].acting_for.user == retired
    tambons = Area.objects.in_force().under("TH4203").filter(level=Area.Level.SUBDISTRICT)
    for tambon in tambons:  # wherever a visitor opens a case, somebody can work on it
        assert len(people.holders(Role.FIELD_OFFICER, tambon.code)) == 1
        assert register.villages_without(Party.Kind.SAVINGS_GROUP, tambon.code).exists()


def the_cases_stand_where_they_should() -> None:
    foundings = Case.objects.filter(procedure="SGF")
    assert Counter(foundings.values_list("state", flat=True)) == {
        "preparing": 8,
        "founding": 3,
        "not_ready": 1,
        "founded": 3,
        "declined": 1,
    }
    open_items = WorkItem.objects.filter(closed_at=None, process__in=foundings)
    open_steps = Counter(item.step for item in open_items)
    assert open_steps == {
        "study": 1,
        "analyse": 1,
        "present": 1,
        "train": 1,
        "gather": 2,
        "verify_preparation": 2,
        "enrol": 1,
        "verify_founding": 2,
        "bank_letter": 1,
        "first_deposit": 1,
        "revisit": 1,
    }
    assert not Case.objects.filter(opened_at__gt=clock.now()).exists()
    assert sum(plan.tambon.startswith("TH4203") for plan in PLANS) == 12
    founded = Party.objects.filter(
        kind=Party.Kind.SAVINGS_GROUP, invented=False, status=Party.Status.ACTIVE
    )
    assert founded.count() == 3


def groups_are_followed_with_a_late_a_returned_and_a_missing_month() -> None:
    assert Counter(GroupMonth.objects.values_list("state", flat=True)) == {
        "accepted": 25,
        "accepted_with_notes": 2,
        "missing": 3,
        "open": 8,
    }
    months = Party.objects.filter(invented=True, followed_from__isnull=False)
    assert months.count() == 5
    reports = GroupMonth.objects.filter(party__in=months)
    assert reports.filter(decisions__outcome="RETURNED").count() == 2
    assert Message.objects.filter(template="not_in", to__username="cdchief").exists()
    assert Message.objects.filter(template="months_missing").count() == 1


def whoever_is_late_was_told() -> None:
    late = WorkItem.objects.filter(
        closed_at=None, due_on__lt=clock.today(), process__procedure="SGF"
    )
    assert {item.step for item in late} == {"analyse", "verify_founding", "gather"}
    told = set(Message.objects.values_list("template", "to__username"))
    assert {("overdue", "officer"), ("escalated", "cdchief"), ("escalated", "amphoe")} <= told
    assert not Message.objects.filter(to__is_active=False).exists()


def test_accounts_are_of_all_languages_and_unlike() -> None:
    assert {account.language for account in ACCOUNTS} == {"th", "lo", "en"}
    assert len({account.username for account in ACCOUNTS}) == len(ACCOUNTS)
    assert len({account.name for account in ACCOUNTS}) == len(ACCOUNTS)
