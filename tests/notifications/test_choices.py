"""By which channels a message goes: as its receiver chose, in the statement that queues it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.models import User
from notifications import choices, outbox
from notifications.models import LineAccount, Message, Preference
from tests.cases.running import at, person

MOMENT = at("2026-11-26")


def queue(to: User, key: str = "a", template: str = "work_opened", **more: Any) -> None:
    outbox.queue(to=to, template=template, context={}, key=key, at=MOMENT, **more)


def link(user: User) -> User:
    LineAccount.objects.create(user=user, line_id=f"U{user.pk}", linked_at=MOMENT)
    return user


def rows() -> list[tuple[str, str, bool, bool]]:
    """Key, channel, whether under the bell, whether there is nothing to send."""
    found = Message.objects.order_by("pk")
    return [(m.key, m.channel, m.bell, m.sent_at is not None) for m in found]


@pytest.mark.django_db
class TestRouting:
    """What becomes of one queued message."""

    def test_who_chose_nothing_hears_by_e_mail_and_under_the_bell(self) -> None:
        queue(person("first"))
        assert rows() == [("a", "EMAIL", True, False)]

    @pytest.mark.parametrize(
        ("wanted", "linked", "expected"),
        [
            ([], True, [("a", "BELL", True, True)]),
            (["LINE"], True, [("a", "LINE", True, False)]),
            (["LINE"], False, [("a", "EMAIL", True, False)]),
            (["EMAIL"], True, [("a", "EMAIL", True, False)]),
            (
                ["EMAIL", "LINE"],
                True,
                [("a", "EMAIL", True, False), ("a:LINE", "LINE", False, False)],
            ),
            (["LINE", "EMAIL"], False, [("a", "EMAIL", True, False)]),
        ],
    )
    def test_a_choice_is_followed_and_shown_once_under_the_bell(
        self, wanted: list[str], linked: bool, expected: list[Any]
    ) -> None:
        user = person("first")
        if linked:
            link(user)
        choices.choose(user, {"work": wanted})
        queue(user)
        queue(user)  # a known key stays the first
        assert rows() == expected

    def test_a_choice_counts_for_its_kind_and_its_person_alone(self) -> None:
        quiet, other = person("quiet"), person("other")
        choices.choose(quiet, {"work": []})
        queue(quiet, "a", template="reminder")
        queue(other, "b")
        assert [channel for _key, channel, _bell, _sent in rows()] == ["EMAIL", "EMAIL"]

    @pytest.mark.parametrize(
        ("channel", "linked", "expected"),
        [
            ("EMAIL", True, "EMAIL"),
            ("LINE", True, "LINE"),
            ("LINE", False, "EMAIL"),
            ("BELL", True, "BELL"),
        ],
    )
    def test_a_ladder_may_name_the_channel(self, channel: str, linked: bool, expected: str) -> None:
        user = person("first")
        if linked:
            link(user)
        choices.choose(user, {"work": []})
        queue(user, channel=channel)
        assert [row[1] for row in rows()] == [expected]

    @pytest.mark.parametrize("kind", [kind for kind in choices.KINDS if kind.kept])
    def test_what_cannot_be_switched_off_still_comes_by_e_mail(self, kind: choices.Kind) -> None:
        user = link(person("first"))
        choices.choose(user, {kind.code: []})
        queue(user, template=sorted(kind.templates)[0])
        assert [row[1] for row in rows()] == ["EMAIL"]

    def test_a_link_to_set_a_password_never_goes_to_line_or_under_the_bell(self) -> None:
        user = link(person("first"))
        choices.choose(user, {"account": ["LINE"]})
        queue(user, template="password_reset")
        assert rows() == [("a", "EMAIL", False, False)]

    def test_the_default_is_kept_as_no_row_at_all(self) -> None:
        user = person("first")
        choices.choose(user, {"work": [], "daily": ["EMAIL"]})
        assert Preference.objects.count() == 2
        choices.choose(user, {"work": ["EMAIL"], "daily": []})
        assert not Preference.objects.exists()

    def test_who_want_a_digest(self) -> None:
        first, second = person("first"), person("second")
        both = {first.pk, second.pk}
        assert choices.who_want("weekly", both) == both
        assert choices.who_want("daily", both) == set()
        choices.choose(first, {"weekly": [], "daily": ["EMAIL"]})
        assert choices.who_want("weekly", both) == {second.pk}
        assert choices.who_want("daily", both) == {first.pk}

    def test_a_thousand_messages_keep_their_order(self) -> None:
        users = [person(f"user{n}") for n in range(5)]
        choices.choose(users[1], {"work": []})
        outbox.queue_many(
            [
                outbox.message(
                    to=users[n % 5], template="work_opened", context={}, key=f"{n:04}", at=MOMENT
                )
                for n in range(1000)
            ]
        )
        keys = list(Message.objects.order_by("pk").values_list("key", flat=True))
        assert keys == sorted(keys)
        assert Message.objects.filter(channel="BELL").count() == 200


class TestAlways(TestCase):
    """Whatever somebody chose."""

    @given(
        st.dictionaries(
            st.sampled_from([kind.code for kind in choices.KINDS] + ["nonsense"]),
            st.lists(st.sampled_from(["EMAIL", "LINE", "BELL", "FAX"])),
        ),
        st.booleans(),
    )
    def test_every_message_reaches_its_receiver_somehow(
        self, wanted: dict[str, list[str]], linked: bool
    ) -> None:
        user = person("first")
        if linked:
            link(user)
        choices.choose(user, wanted)
        for template in sorted(choices.TEMPLATES):
            queue(user, template, template)
        for kind in choices.KINDS:
            told = Message.objects.filter(template__in=kind.templates)
            for template in kind.templates:
                own = told.filter(template=template)
                assert 1 <= own.count() <= 2
                assert own.filter(bell=True).count() == (template not in choices.ALONE)
            if kind.kept:
                mails = told.filter(channel=Message.Channel.EMAIL, sent_at=None)
                assert mails.count() == len(kind.templates)
        shown = choices.chosen_by(user)
        assert set(shown) == {kind.code for kind in choices.KINDS}
