"""Nobody is told about what they did themselves (DESIGN 4)."""

from functools import partial
from typing import Any

import pytest

from notifications.models import Message
from tests.cast import Cast, bring_to, open_founding
from tests.contract.test_one_event import DEEDS, Act, Deed
from tests.contract.world import World
from workflows import actions, corrections


def end_by_who_decided(cast: Cast) -> Deed:
    """The chief, who approved its first stage, ends the case: the officer hears."""
    case = bring_to(open_founding(cast), "meet", cast)
    ended = partial(actions.end, case, how="cancelled", reason="เหตุ", by=cast.chief)
    return Deed(ended, [], [])


def correct_what_the_chief_approved(cast: Cast) -> Deed:
    """The officer, who has the open step, corrects an earlier one: the chief hears."""
    case = bring_to(open_founding(cast), "meet", cast)
    done = case.task_set.get(flow_task=case.flow_class.gather)
    values = {"interested_count": 35}
    corrected = partial(corrections.correct, done.pk, values=values, version=1, reason="เหตุ")
    return Deed(partial(corrected, by=cast.officer), [], [])


OTHERS_HEAR = {
    *("decide_return", "end", "free", "ask", "grant", "refuse"),
    *("end_by_who_decided", "correct_what_the_chief_approved"),
}


def actor(act: Act) -> Any:
    """Who does `act`, a partial or a function with defaults; None where the calendar does it."""
    given = getattr(act, "keywords", None)
    return given.get("by") if given is not None else act.__defaults__[-1]


@pytest.mark.parametrize(
    "make",
    [*DEEDS, end_by_who_decided, correct_what_the_chief_approved],
    ids=lambda make: make.__name__,
)
def test_who_does_something_gets_no_message_of_it(world: World, make: Any) -> None:
    deed = make(world.cast)
    before = set(Message.objects.values_list("pk", flat=True))
    deed.act()
    told = Message.objects.exclude(pk__in=before).filter(to__isnull=False)
    by = actor(deed.act)
    assert not told.filter(to=by).exists()
    assert told.exists() or make.__name__ not in OTHERS_HEAR
    assert (by is None) == (make.__name__ in {"free", "lapse"})
