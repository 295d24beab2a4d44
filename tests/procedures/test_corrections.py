"""A finished step is corrected as a new version; the old one stays (handbook 8, rule 10)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from cases import audit, clock
from cases.models import Case, Event, User, WorkItem
from cases.models.event import EventKind
from notifications.models import Message
from tests.cast import Cast, bring_to, do, fresh, item_of, open_founding
from workflows import actions, corrections, versions
from workflows.errors import AlreadyDone, Blocked, NotYours, Outdated, Refused, StillOpen

pytestmark = pytest.mark.django_db


def done_item(case: Case, step: str) -> WorkItem:
    """The finished work item of `step`, the latest one."""
    return [i for i in case.task_set.order_by("pk") if i.step == step and not i.is_open][-1]


def correct(case: Case, step: str, *, by: User, reason: str = "พิมพ์ผิด", **values: Any) -> Any:
    """Correct `step` as somebody would who looks at its newest version."""
    known = versions.of_step(fresh(case), step)
    corrections.correct(
        done_item(case, step).pk, by=by, values=values, reason=reason, version=len(known)
    )
    return fresh(case)


def test_a_correction_is_a_new_version_with_a_reason(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "present", cast)
    case = correct(case, "analyse", by=cast.officer, reason="นับใหม่", analysis_participants=21)
    assert case.analysis_participants == 21
    first, second = versions.of_step(case, "analyse")
    assert first.values["analysis_participants"] == 18
    assert second.values["analysis_participants"] == 21
    assert second.values["analysed_on"] == first.values["analysed_on"]
    assert (second.reason, second.is_correction) == ("นับใหม่", True)
    event = case.events.get(kind=EventKind.STEP_CORRECTED)
    assert event.codes["fields"] == ["analysis_participants"]
    assert event.codes["version"] == 2
    assert event.text.body["before"] == {"analysis_participants": 18}
    call_command("verify_audit", case=case.number)
