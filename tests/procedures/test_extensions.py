"""More time for a deadline: who asks, who gives it, how much, what is kept (handbook 4.3, 8)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cases import calendar, clock, deadlines, ladders
from cases.models import Deadline, Extension, Post
from cases.roles import Role
from notifications.models import Message
from tests.cast import Cast, assemble, bring_to, do, fresh, item_of, open_founding
from tests.procedures.test_together import at_once
from workflows import extension_rights, extensions
from workflows.errors import AlreadyDone, NotYours, Refused, TakenBySomebody

pytestmark = pytest.mark.django_db
WHY = "ฝนตกหนัก ถนนขาด"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def deadline_of(case: Any, **which: Any) -> Deadline:
    found = case.deadlines.select_related("work_item__owner").get(
        closed_at=None, **(which or {"work_item__isnull": False})
    )
    found.case = case
    if found.work_item:
        found.work_item.process = case
    return found


def asked(deadline: Deadline, cast: Cast, days: int = 3) -> Extension:
    return extensions.ask(deadline.pk, days=days, reason=WHY, by=cast.officer)


def test_what_was_granted_moves_the_day_and_everything_that_follows_it(cast: Cast) -> None:
    case = open_founding(cast)
    before = deadline_of(case)
    extension = extensions.grant(asked(before, cast).pk, by=cast.chief, answer="เห็นควร")
    after = deadline_of(fresh(case))

    assert after.due_on == calendar.add_working_days(case.area_id, before.due_on, 3)
    assert after.work_item.due_on == after.due_on
    first = next(iter(ladders.get(after.ladder_id).rungs.all()))
    assert after.next_at == deadlines.planned_at(case.area_id, after.due_on, first)
    entry = next(entry for entry in after.ledger if entry["what"] == "extended")
    assert (entry["from"], entry["on"]) == (before.due_on.isoformat(), after.due_on.isoformat())
    assert (entry["days"], entry["extension"]) == (3, extension.pk)
    assert (extension.decided_by, extension.granted) == (cast.chief, True)


def test_reasons_stand_in_erasable_text_and_never_in_the_ledger_or_the_codes(cast: Cast) -> None:
    case = open_founding(cast)
    extensions.grant(asked(deadline_of(case), cast).pk, by=cast.chief, answer="เห็นควร")
    ask, granted = case.events.select_related("text", "post").order_by("-number")[:2][::-1]
    assert (ask.kind, ask.text.body) == ("EXTENSION_ASKED", {"reason": WHY})
    assert (granted.kind, granted.text.body) == ("EXTENSION_GRANTED", {"answer": "เห็นควร"})
    assert (ask.by, granted.by, granted.post.role) == (
        cast.officer,
        cast.chief,
        Role.DISTRICT_CHIEF_CD,
    )
    kept = json.dumps([deadline_of(case).ledger, ask.codes, granted.codes], ensure_ascii=False)
    assert WHY not in kept
    assert "เห็นควร" not in kept
    call_command("verify_audit", case=case.number)


def test_the_level_above_is_told_of_the_question_and_who_asked_of_the_answer(cast: Cast) -> None:
    case = open_founding(cast)
    deadline = deadline_of(case)
    extension = asked(deadline, cast)
    told = Message.objects.filter(template="extension_asked")
    assert {message.to for message in told} == {cast.chief, cast.second_chief}
    assert told[0].context["url"] == f"/cases/{case.number}/deadlines/{deadline.pk}/"
    assert (told[0].context["extra_days"], told[0].context["reason"]) == (3, WHY)
    extensions.refuse(extension.pk, by=cast.chief, answer="งานอื่นรออยู่")
    answered = Message.objects.get(template="extension_refused")
    assert (answered.to, answered.context["reason"]) == (cast.officer, "งานอื่นรออยู่")


def test_what_was_refused_stays_and_may_be_asked_for_again(cast: Cast) -> None:
    case = open_founding(cast)
    before = deadline_of(case)
    extension = asked(before, cast)
    with pytest.raises(ValidationError) as refusal:
        extensions.refuse(extension.pk, by=cast.chief, answer=" ")
    assert set(refusal.value.message_dict) == {"answer"}
    extensions.refuse(extension.pk, by=cast.chief, answer="งานอื่นรออยู่")
    after = deadline_of(fresh(case))
    assert (after.due_on, after.ledger, after.next_at) == (
        before.due_on,
        before.ledger,
        before.next_at,
    )
    assert asked(after, cast).granted is None


def test_in_total_as_many_days_as_the_rule_counts(cast: Cast) -> None:
    deadline = deadline_of(open_founding(cast))  # seven working days
    with pytest.raises(ValidationError, match="7"):
        asked(deadline, cast, days=8)
    extensions.grant(asked(deadline, cast, days=5).pk, by=cast.chief)
    with pytest.raises(ValidationError, match="2"):
        asked(deadline, cast, days=3)
    extensions.grant(asked(deadline, cast, days=2).pk, by=cast.chief)
    with pytest.raises(Refused):
        asked(deadline, cast, days=1)
    assert not extension_rights.may_ask(cast.officer, deadline_of(fresh(deadline.case)))


def test_a_step_may_say_itself_how_much(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    deadline = deadline_of(open_founding(cast))
    monkeypatch.setattr(deadline.work_item.flow_task, "extend", 1)
    with pytest.raises(ValidationError, match="1"):
        asked(deadline, cast, days=2)
    assert asked(deadline, cast, days=1).days == 1


def test_a_legal_day_moves_by_calendar_days_and_a_week_at_most(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "first_deposit", cast)
    before = deadline_of(case)
    with pytest.raises(ValidationError, match="7"):
        asked(before, cast, days=8)
    extensions.grant(asked(before, cast, days=7).pk, by=cast.chief)
    assert deadline_of(fresh(case)).due_on == before.due_on + timedelta(days=7)


def test_a_deadline_of_the_case_itself_is_extended_by_whoever_answers_for_it(cast: Cast) -> None:
    case = open_founding(cast)
    span = deadline_of(case, name="preparation_span")
    with pytest.raises(NotYours):
        extensions.ask(span.pk, days=10, reason=WHY, by=cast.chief)
    extensions.grant(asked(span, cast, days=10).pk, by=cast.second_chief)
    moved = deadline_of(fresh(case), name="preparation_span")
    assert moved.due_on == span.due_on + timedelta(days=10)
    event = case.events.latest("number")
    assert (event.step, event.codes["deadline"]) == ("", span.pk)


@pytest.mark.parametrize(
    ("days", "reason", "wrong"),
    [
        (0, WHY, {"days"}),
        (-1, WHY, {"days"}),
        (1, "  ", {"reason"}),
        (1, "ก" * 301, {"reason"}),
        (99, "", {"days", "reason"}),
    ],
)
def test_bad_input_is_named_and_nothing_is_kept(
    cast: Cast, days: int, reason: str, wrong: set[str]
) -> None:
    deadline = deadline_of(open_founding(cast))
    with pytest.raises(ValidationError) as refusal:
        extensions.ask(deadline.pk, days=days, reason=reason, by=cast.officer)
    assert set(refusal.value.message_dict) == wrong
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("colleague", TakenBySomebody), ("chief", NotYours), ("outsider", NotYours)],
)
def test_only_who_has_the_work_asks(cast: Cast, who: str, refusal: type[Exception]) -> None:
    deadline = deadline_of(open_founding(cast))
    assert not extension_rights.may_ask(getattr(cast, who), deadline)
    with pytest.raises(refusal):
        extensions.ask(deadline.pk, days=1, reason=WHY, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["officer", "colleague", "district_chief", "outside_chief"])
def test_only_the_level_above_answers(cast: Cast, who: str) -> None:
    extension = asked(deadline_of(open_founding(cast)), cast)
    extension.deadline = deadline_of(extension.deadline.case)
    assert not extension_rights.may_answer(getattr(cast, who), extension)
    assert extension_rights.may_answer(cast.chief, extension)
    with pytest.raises(NotYours):
        extensions.grant(extension.pk, by=getattr(cast, who))


def test_whoever_has_the_work_never_gives_themselves_time(cast: Cast) -> None:
    """A field officer who acts as chief as well; with no other chief the next level answers."""
    Post.objects.create(
        user=cast.officer,
        role=Role.DISTRICT_CHIEF_CD,
        area_id="TH4203",
        starts_on=clock.today(),
    )
    extension = asked(deadline_of(open_founding(cast)), cast)
    with pytest.raises(NotYours):
        extensions.grant(extension.pk, by=cast.officer)
    Post.objects.filter(user__in=[cast.chief, cast.second_chief]).update(
        ends_on=clock.today() - timedelta(days=1)
    )
    with pytest.raises(NotYours):
        extensions.grant(extension.pk, by=cast.officer)
    assert extensions.grant(extension.pk, by=cast.district_chief).granted


def test_one_question_at_a_time_and_one_answer(cast: Cast) -> None:
    deadline = deadline_of(open_founding(cast))
    extension = asked(deadline, cast)
    with pytest.raises(AlreadyDone):
        asked(deadline, cast)
    extensions.grant(extension.pk, by=cast.chief)
    with pytest.raises(AlreadyDone) as refusal:
        extensions.refuse(extension.pk, by=cast.second_chief, answer="ไม่")
    assert refusal.value.by == cast.chief.pk
    assert Extension.objects.count() == 1


def test_when_the_work_is_done_more_time_is_of_no_use(cast: Cast) -> None:
    case = open_founding(cast)
    deadline = deadline_of(case)
    extension = asked(deadline, cast)
    do(case, "study", by=cast.officer)
    with pytest.raises(AlreadyDone):
        extensions.grant(extension.pk, by=cast.chief)
    with pytest.raises(AlreadyDone):
        asked(deadline, cast)


def test_what_rests_may_be_extended_and_tells_nobody_until_it_goes_on(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    returned = {"outcome": "RETURNED", "to": "study", "reason": "เหตุ"}
    case = do(case, "verify_preparation", by=cast.chief, **returned)
    before = deadline_of(case, name="preparation_span")
    extensions.grant(asked(before, cast, days=4).pk, by=cast.chief)
    resting = deadline_of(case, name="preparation_span")
    assert (resting.next_at, resting.due_on) == (None, before.due_on + timedelta(days=4))
    assert item_of(fresh(case)).step == "study"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_two_chiefs_at_once_one_answers(transactional_db: None, attempt: int) -> None:
    cast = assemble()
    case = open_founding(cast)
    before = deadline_of(case)
    pk = asked(before, cast).pk
    results = at_once(
        lambda: extensions.grant(pk, by=cast.chief),
        lambda: extensions.refuse(pk, by=cast.second_chief, answer="ไม่"),
        lambda: extensions.grant(pk, by=cast.second_chief),
    )
    assert sum(isinstance(each, AlreadyDone) for each in results) == 2, results
    kept, after = Extension.objects.get(pk=pk), deadline_of(fresh(case))
    moved = calendar.add_working_days(case.area_id, before.due_on, 3)
    assert after.due_on == (moved if kept.granted else before.due_on)
    assert sum(entry["what"] == "extended" for entry in after.ledger) == kept.granted
    call_command("verify_audit", case=case.number)
