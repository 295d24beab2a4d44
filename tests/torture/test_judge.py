"""The judge of the torture sees what is lost, doubled, or came over the wire twice."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from cases import sweep
from cases.models import RungRecord
from notifications import outbox
from notifications.channels.email import message_id
from notifications.models import Message
from tests import crowd
from tests.torture.broken import break_sweep
from tests.torture.judge import Verdict, judge
from tests.torture.province import LADDER, PROVINCE, kinds_on, load_province

NOW = datetime.fromisoformat("2027-01-13T09:00+07:00")
DEADLINES = 40


@pytest.fixture
def swept(db: None) -> tuple[int, int]:
    """Forty deadlines of all kinds that were swept, and whose messages were sent."""
    keys = fallen_due()
    sweep.until_done(at=NOW)
    Message.objects.update(sent_at=NOW)
    return keys


def fallen_due() -> tuple[int, int]:
    """The keys of the first and last of forty deadlines of all kinds."""
    load_province(NOW)
    return crowd.work(DEADLINES, kinds_on(NOW), province=PROVINCE, ladder=LADDER)


def judged(keys: tuple[int, int], **came: int) -> Verdict:
    """The verdict when each message came once, but those of `came`."""
    letters = Counter(message_id(key) for key in Message.objects.values_list("key", flat=True))
    return judge(*keys, now=NOW, came={**letters, **came})


def fired() -> Any:
    return RungRecord.objects.filter(outcome="FIRED").order_by("pk")


def test_a_sound_sweep_is_sound(swept: tuple[int, int]) -> None:
    verdict = judged(swept)
    assert (verdict.lost, verdict.doubled, verdict.wire_duplicates) == (0, 0, 0), verdict.found
    # Of ten deadlines one rung is due for eight, three for one, five for one.
    assert verdict.rungs == DEADLINES // 10 * (8 * 1 + 3 + 5)
    # Of several for the same receiver only the last one tells.
    assert Message.objects.count() == DEADLINES // 10 * (8 * 1 + 2 + 4)


def test_a_rung_without_its_record_is_lost(swept: tuple[int, int]) -> None:
    fired().first().delete()
    Message.objects.filter(key__in=[fired().last().message_key]).delete()
    verdict = judged(swept)
    # The letter of the message that is gone from the outbox belongs to nothing.
    assert verdict.found == {"lost rungs": 2, "unknown letters": 1}
    assert verdict.lost == 2


def test_a_message_that_was_not_sent_is_lost(swept: tuple[int, int]) -> None:
    unsent = Message.objects.filter(key=fired().first().message_key)
    unsent.update(sent_at=None)
    assert judged(swept).found["lost rungs"] == 1


def test_a_message_that_was_marked_and_never_came_is_lost(swept: tuple[int, int]) -> None:
    key = fired().first().message_key
    came = {
        message_id(each): 1
        for each in Message.objects.exclude(key=key).values_list("key", flat=True)
    }
    assert judge(*swept, now=NOW, came=came).found == {"sent but not on the wire": 1}


@pytest.mark.parametrize("outcome", ["FIRED", "SKIPPED"])
def test_a_rung_with_two_records_is_doubled(swept: tuple[int, int], outcome: str) -> None:
    record = RungRecord.objects.filter(outcome=outcome, reason__in=["", "overtaken"]).first()
    RungRecord.objects.create(**{**_values(record), "repeat": 1})
    assert judged(swept).found == {"doubled rungs": 1}


def test_the_same_words_under_two_keys_are_doubled(swept: tuple[int, int]) -> None:
    message = Message.objects.get(key=fired().first().message_key)
    Message.objects.create(**{**_values(message), "key": "another"})
    assert judged(swept).found["doubled messages"] == 1


def test_a_letter_that_came_twice_is_counted_and_no_fault(swept: tuple[int, int]) -> None:
    verdict = judged(swept, **{message_id(fired().first().message_key): 3})
    assert (verdict.lost, verdict.doubled, verdict.wire_duplicates) == (0, 0, 2)


def test_a_letter_of_nobody_is_a_fault(swept: tuple[int, int]) -> None:
    assert judged(swept, **{"<strange@localhost>": 2}).doubled == 2


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "broken"])
@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_commits_first_is_found_out(
    monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    keys = fallen_due()
    monkeypatch.setattr(sweep, "outbox", sweep.outbox)  # put back at the end, with _keep
    monkeypatch.setattr(sweep, "_keep", sweep._keep)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue_many", _killed)
        if broken:
            break_sweep()
        with pytest.raises(SystemExit):
            sweep.until_done(at=NOW)
    sweep.until_done(at=NOW)
    Message.objects.update(sent_at=NOW)
    verdict = judged(keys)
    assert (verdict.lost > 0, verdict.doubled) == (broken, 0), verdict.found


def _killed(*_args: object) -> None:
    raise SystemExit("killed")


def _values(row: Any) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.local_concrete_fields
        if not field.primary_key
    }
