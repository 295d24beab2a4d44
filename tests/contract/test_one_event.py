"""Every change of a case writes one event in the same transaction (DESIGN 3, handbook 8, 10)."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from cases import audit, clock
from cases.models import Event, Post, WorkItem
from cases.periods import months_later
from tests.cast import A_PDF, Cast, bring_to, do, entries, item_of, open_founding
from tests.contract.world import World
from tests.procedures.monthly import followed
from workflows import actions, claims, corrections, extensions, papers
from workflows.contents import by_code
from workflows.entries import Entries
from workflows.errors import Refused
from workflows.procedures.group_month import opening
from workflows.verdicts import Verdict

Act = Callable[[], Any]
ACTIONS = {
    name
    for module in (actions, claims, extensions)
    for name, found in inspect.getmembers(module, inspect.isfunction)
    if found.__module__ == module.__name__ and not name.startswith("_")
} | {corrections.correct.__name__, papers.make.__name__}


@dataclass
class Deed:
    """What somebody does, and what of the same kind changes nothing: before it, and after it."""

    act: Act
    before: list[Act]
    after: list[Act]


def open_case(cast: Cast) -> Deed:
    opened = partial(actions.open_case, by_code("SGF"), area=cast.village, values={})
    return Deed(partial(opened, by=cast.officer), [partial(opened, by=cast.outsider)], [])


def claim(cast: Cast) -> Deed:
    taken = partial(claims.claim, unclaimed(cast).pk)
    others = [partial(taken, by=cast.chief), partial(taken, by=cast.outsider)]
    again = [partial(taken, by=cast.officer), partial(taken, by=cast.colleague)]
    return Deed(partial(taken, by=cast.officer), others, again)


def release(cast: Cast) -> Deed:
    given = partial(claims.release, item_of(open_founding(cast)).pk)
    others = [partial(given, by=cast.colleague), partial(given, by=cast.chief)]
    return Deed(partial(given, by=cast.officer), others, [partial(given, by=cast.colleague)])


def free(cast: Cast) -> Deed:
    """Work of somebody who left the post; before, of somebody who holds it."""
    stays = item_of(open_founding(cast, by=cast.colleague))
    left = item_of(open_founding(cast))
    Post.objects.filter(user=cast.officer).update(ends_on=clock.today() - timedelta(days=1))
    freed = partial(claims.free, left.pk)
    return Deed(freed, [partial(claims.free, stays.pk)], [freed])


def save(cast: Cast) -> Deed:
    saved = partial(actions.save, item_of(open_founding(cast)).pk, draft={"study_year": ["25x"]})
    one = partial(saved, entries=Entries(ticked={"data-sheet"}))
    nothing = partial(saved, by=cast.officer, entries=Entries(ticked=set()))
    nothing()  # what is typed is no fact of the case yet
    return Deed(
        partial(one, by=cast.officer),
        [nothing, partial(one, by=cast.colleague)],
        [partial(one, by=cast.officer), partial(saved, by=cast.officer, entries=Entries())],
    )


def save_unclaimed(cast: Cast) -> Deed:
    """Whoever saves a step that nobody has takes it."""
    saved = partial(actions.save, unclaimed(cast).pk, draft={}, entries=Entries())
    mine = partial(saved, by=cast.officer)
    return Deed(mine, [partial(saved, by=cast.chief)], [mine, partial(saved, by=cast.colleague)])


def attach(cast: Cast) -> Deed:
    item = item_of(bring_to(open_founding(cast), "analyse", cast))

    def send(name: str = "a.pdf", by: Any = cast.officer) -> None:
        actions.attach(item.pk, SimpleUploadedFile(name, A_PDF), code="minutes", by=by)

    refused = [partial(send, name="a.jpg"), partial(send, by=cast.colleague)]
    return Deed(send, refused, [send])


def detach(cast: Cast) -> Deed:
    item = item_of(bring_to(open_founding(cast), "analyse", cast))
    sent = SimpleUploadedFile("a.pdf", A_PDF)
    kept = actions.attach(item.pk, sent, code="minutes", by=cast.officer)
    gone = partial(actions.detach, item.pk)
    others = [partial(gone, kept.pk, by=cast.chief), partial(gone, 0, by=cast.officer)]
    mine = partial(gone, kept.pk, by=cast.officer)
    return Deed(mine, others, [mine])


def submit(cast: Cast) -> Deed:
    case = open_founding(cast)
    sent = partial(actions.submit, item_of(case).pk)
    whole = Entries(entries("study"), {"data-sheet", "way-of-life"})
    unticked, empty = Entries(entries("study"), {"data-sheet"}), Entries({}, set())
    others = [partial(sent, by=cast.officer, entries=each) for each in (unticked, empty)]
    others.append(partial(sent, by=cast.colleague, entries=whole))
    mine = partial(sent, by=cast.officer, entries=whole)
    return Deed(mine, others, [mine, partial(sent, by=cast.colleague, entries=whole)])


def decide(cast: Cast, verdict: Verdict | None = None) -> Deed:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    made = partial(actions.decide, item_of(case).pk)
    mine = partial(made, by=cast.chief, verdict=verdict or Verdict("APPROVED"))
    wrong = (Verdict("RETURNED", return_to="study"), Verdict("REJECTED", "เหตุ"), Verdict("x", "x"))
    others = [partial(made, by=cast.chief, verdict=each) for each in wrong]
    others.append(partial(made, by=cast.officer, verdict=Verdict("APPROVED")))
    return Deed(mine, others, [mine, partial(mine, by=cast.second_chief)])


def decide_return(cast: Cast) -> Deed:
    return decide(cast, Verdict("RETURNED", "เหตุ", "study", ("หนึ่ง", "สอง")))


def resume(cast: Cast) -> Deed:
    case = bring_to(open_founding(cast), "ask_leaders", cast)
    day = clock.today() + timedelta(days=30)
    case = do(case, "ask_leaders", by=cast.officer, leaders_agreed=False, revisit_on=day)
    woken = partial(actions.resume, item_of(case).pk)
    mine = partial(woken, by=cast.officer)
    return Deed(mine, [woken, partial(woken, by=cast.chief)], [woken, mine])


def correct(cast: Cast) -> Deed:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    done = case.task_set.get(flow_task=case.flow_class.gather)
    made = partial(corrections.correct, done.pk, values={"interested_count": 35}, version=1)
    mine = partial(made, by=cast.officer, reason="เหตุ")
    others = [partial(mine, by=cast.chief), partial(mine, reason=" "), partial(mine, version=2)]
    others += [partial(mine, values={"interested_count": number}) for number in (34, 3)]
    return Deed(mine, others, [mine, partial(mine, by=cast.colleague)])


def make_paper(cast: Cast) -> Deed:
    """Made again it is a further version, so nothing after it is the same once more."""
    case = bring_to(open_founding(cast), "enrol", cast)
    made = partial(papers.make, case)
    early = partial(made, "bank-letter", by=cast.officer)
    mine = partial(made, "minutes", by=cast.officer)
    return Deed(mine, [early, partial(mine, by=cast.province), partial(mine, by=cast.outsider)], [])


def end(cast: Cast) -> Deed:
    case = open_founding(cast)
    ended = partial(actions.end, case, how="cancelled", reason="เหตุ")
    mine = partial(ended, by=cast.chief)
    return Deed(mine, [partial(ended, by=cast.officer), partial(mine, reason=" ")], [mine])


def lapse(cast: Cast) -> Deed:
    """A month that nobody reported goes missing; one whose day is to come does not."""
    group = followed(cast.village, months_later(clock.today().replace(day=1), -3))
    opening.open_months()
    months = group.cases.order_by("period")
    first, last = (
        partial(actions.lapse, case.pk, how="missing") for case in (months[0], months[3])
    )
    return Deed(first, [last], [first])


def ask(cast: Cast) -> Deed:
    asked = partial(extensions.ask, item_of(open_founding(cast)).deadline.pk, reason="เหตุ")
    mine = partial(asked, days=2, by=cast.officer)
    others = [partial(mine, days=8), partial(mine, reason=" "), partial(mine, by=cast.chief)]
    return Deed(mine, others, [mine, partial(mine, days=3)])


def grant(cast: Cast, act: Any = extensions.grant) -> Deed:
    deadline = item_of(open_founding(cast)).deadline
    asked = extensions.ask(deadline.pk, days=2, reason="เหตุ", by=cast.officer)
    mine = partial(act, asked.pk, by=cast.chief, answer="คำตอบ")
    others = [partial(mine, by=cast.officer), partial(mine, answer="ก" * 301)]
    second = partial(extensions.grant, asked.pk, by=cast.second_chief)
    return Deed(mine, others, [mine, second])


def refuse(cast: Cast) -> Deed:
    return grant(cast, extensions.refuse)


DEEDS = [
    *(open_case, claim, release, free, save, save_unclaimed, attach, detach),
    *(submit, decide, decide_return, resume, correct, make_paper, end, lapse),
    *(ask, grant, refuse),
]


def unclaimed(cast: Cast) -> WorkItem:
    item = item_of(open_founding(cast))
    claims.release(item.pk, by=cast.officer)
    return item


def everything() -> dict[str, list[Any]]:
    """All rows of what belongs to cases and messages."""
    labels = ("cases", "savings_group", "group_month", "notifications")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return {model.__name__: sorted(map(repr, model.objects.values())) for model in models}


def test_every_action_is_tried() -> None:
    assert {make.__name__.partition("_")[0] for make in DEEDS} == {
        name.partition("_")[0] for name in ACTIONS
    }


@pytest.mark.parametrize("make", DEEDS, ids=lambda make: make.__name__)
def test_one_event_for_each_change_and_none_without(world: World, make: Any) -> None:
    deed = make(world.cast)
    changes_nothing(deed.before)
    before, number = everything(), Event.objects.count()
    deed.act()
    assert Event.objects.count() == number + 1
    assert everything() != before
    changes_nothing(deed.after)
    call_command("verify_audit")


def changes_nothing(acts: list[Act]) -> None:
    """Each is refused, or accepted as what stands already."""
    for act in acts:
        before = everything()
        with suppress(Refused, ValidationError):
            act()
        assert everything() == before


@pytest.mark.parametrize("make", DEEDS, ids=lambda make: make.__name__)
def test_nothing_is_left_of_what_breaks_off(
    world: World, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed, record = make(world.cast), audit.record
    before = everything()

    def break_off(*args: Any, **kwargs: Any) -> None:
        record(*args, **kwargs)
        raise RuntimeError("after the event")

    monkeypatch.setattr(audit, "record", break_off)
    with pytest.raises(RuntimeError, match="after the event"):
        deed.act()
    assert everything() == before
