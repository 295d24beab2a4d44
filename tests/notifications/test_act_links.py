"""Links that act from a message: once, for a week, by the button only, and for nobody else."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import clock
from cases.models import Deadline, Extension, Post, RungRecord, User, WorkItem
from notifications import act_links
from notifications.models import ActLink, Message
from notifications.wording import worded
from tests.cases.running import at
from tests.cast import assemble, item_of, open_founding

pytestmark = pytest.mark.django_db

ADDRESS = re.compile(r"http://localhost:8000/act/([\w-]{43})/")


@pytest.fixture
def late() -> Deadline:
    """Work of Somchai's, of which he was told that it is late."""
    cast = assemble()
    User.objects.filter(pk=cast.officer.pk).update(name="Somchai", language="en")
    case = open_founding(cast)
    deadline: Deadline = item_of(case).deadline
    now = clock.now()
    RungRecord.objects.create(
        deadline=deadline,
        receiver=cast.officer,
        role="FIELD_OFFICER",
        outcome="FIRED",
        position=0,
        planned_at=now,
        at=now,
    )
    return deadline


def message(deadline: Deadline, template: str = "overdue") -> Message:
    told = {"deadline": deadline.pk, "case": deadline.case.number, "step": {"en": "Study"}}
    told |= {"title": {"en": "Ban Na Sao"}, "area": {"en": "Loei"}, "due_on": "2025-11-12"}
    told |= {"late_days": 3, "url": f"/cases/{deadline.case.number}/"}
    return Message(
        to=deadline.work_item.owner,
        template=template,
        context=told,
        key="k",
        queued_at=at("2025-11-17"),
    )


def secret_of(deadline: Deadline, action: str = "acknowledge") -> str:
    """The secret of one act as the message carries it."""
    secrets = ADDRESS.findall(worded(message(deadline)).text)
    return str(secrets[act_links.OFFERED["overdue"].index(action)])


def visit(secret: str, method: str = "get", **sent: str) -> Any:
    return getattr(Client(enforce_csrf_checks=True), method)(f"/act/{secret}/", sent)


def acknowledged(deadline: Deadline) -> int:
    return RungRecord.objects.filter(deadline=deadline, outcome="ACKNOWLEDGED").count()


@pytest.mark.parametrize("template", sorted(act_links.OFFERED))
def test_a_message_carries_its_links_in_text_and_html_and_only_their_digest_is_kept(
    late: Deadline, template: str
) -> None:
    sent = message(late, template)
    words = worded(sent)
    secrets = ADDRESS.findall(words.text)
    assert len(set(secrets)) == len(act_links.OFFERED[template]) == ActLink.objects.count()
    assert ADDRESS.findall(words.html) == secrets
    kept = str(list(ActLink.objects.values())) + str(sent.context)
    assert not any(secret in kept for secret in secrets)
    assert ADDRESS.findall(worded(sent).text) != secrets, "each sending has links of its own"


def test_other_messages_carry_none(late: Deadline) -> None:
    about_no_deadline = message(late)
    del about_no_deadline.context["deadline"]
    for other in (message(late, "work_opened"), about_no_deadline):
        assert ADDRESS.findall(worded(other).text) == []
    assert not ActLink.objects.exists()


def test_looking_changes_nothing_however_often(late: Deadline) -> None:
    secret = secret_of(late)
    for method in ("get", "head", "get"):
        response = visit(secret, method)
        assert response.status_code == 200
        assert "sessionid" not in response.cookies
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
    page = visit(secret).content.decode()
    assert late.case.number in page
    assert "Somchai" in page
    assert "Ban Na Sao" not in page
    assert acknowledged(late) == 0
    assert not ActLink.objects.filter(used_at__isnull=False).exists()


def test_the_button_acts_once_signs_nobody_in_and_needs_no_cookie(late: Deadline) -> None:
    secret = secret_of(late)
    done = visit(secret, "post")
    assert done.status_code == 200
    assert "sessionid" not in done.cookies
    assert acknowledged(late) == 1
    again = visit(secret, "post")
    assert again.status_code == 410
    assert "used already" in again.content.decode()
    assert visit(secret).status_code == 410
    assert acknowledged(late) == 1


def test_what_is_refused_is_told_and_leaves_the_link_as_it_was(late: Deadline) -> None:
    secret = secret_of(late)
    Deadline.objects.filter(pk=late.pk).update(closed_at=clock.now())
    refused = visit(secret, "post")
    assert refused.status_code == 409
    assert "nothing to acknowledge" in refused.content.decode()
    Deadline.objects.filter(pk=late.pk).update(closed_at=None)
    assert visit(secret, "post").status_code == 200


def close(late: Deadline) -> None:
    User.objects.filter(pk=late.work_item.owner_id).update(is_active=False)


def age(_late: Deadline) -> None:
    ActLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def leave(late: Deadline) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Post.objects.filter(user=late.work_item.owner).update(ends_on=yesterday)
    WorkItem.objects.filter(pk=late.work_item_id).update(owner=None)


@pytest.mark.parametrize("happened", [close, age, leave])
def test_a_link_dies_with_its_time_and_with_its_receivers_rights(
    late: Deadline, happened: Any
) -> None:
    secret = secret_of(late)
    happened(late)
    for method in ("get", "post"):
        response = visit(secret, method)
        assert response.status_code == 410
        assert late.case.number not in response.content.decode()
    assert acknowledged(late) == 0


def test_it_lives_seven_days(late: Deadline) -> None:
    secret_of(late)
    for link in ActLink.objects.all():
        left = link.expires_at - timezone.now()
        assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


@settings(max_examples=30)
@given(st.data())
def test_no_other_secret_acts(data: st.DataObject) -> None:
    user = User.objects.get_or_create(username="u", email="u@example.org")[0]
    sent = Message(to=user, template="overdue", context={"deadline": 1}, key="k")
    secret = act_links.offered(sent)[0].url.rstrip("/").rpartition("/")[2]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    place = data.draw(st.integers(0, len(secret) - 1))
    sign = data.draw(st.sampled_from(alphabet.replace(secret[place], "")))
    changed = [secret[:place] + sign + secret[place + 1 :], secret[:place], secret + sign]
    assert [act_links.find(each) for each in changed] == [None] * 3
    assert act_links.find(secret) is not None


def test_more_time_is_asked_for_with_days_and_a_reason(late: Deadline) -> None:
    secret = secret_of(late, "extend")
    assert b'name="more-days"' in visit(secret).content
    for wrong in ({}, {"more-days": "999", "more-reason": "เหตุ"}, {"more-days": "2"}):
        refused = visit(secret, "post", **wrong)
        assert refused.status_code == 422
        assert all(typed in refused.content.decode() for typed in wrong.values())
    assert not Extension.objects.exists()
    entered = {"more-days": "๒", "more-reason": "น้ำท่วม"}
    assert visit(secret, "post", **entered).status_code == 200
    assert visit(secret, "post", **entered).status_code == 410
    asked = Extension.objects.get()
    assert (asked.deadline, asked.days, asked.reason) == (late, 2, "น้ำท่วม")
    assert asked.asked_by == late.work_item.owner
    again = visit(secret_of(late, "extend"), "post", **entered)
    assert again.status_code == 409
    assert Extension.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_one_is_told_what_to_do(method: str) -> None:
    response = visit("A" * 43, method)
    assert response.status_code == 410
    assert 'href="/work/"' in response.content.decode()


def test_links_of_no_use_are_cleared_after_a_month(late: Deadline) -> None:
    secret_of(late)
    ActLink.objects.update(expires_at=timezone.now() - timedelta(days=29))
    assert act_links.clear() == 0
    ActLink.objects.update(expires_at=timezone.now() - timedelta(days=31))
    assert act_links.clear() == 2


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_act_once(late: Deadline) -> None:
    secret, together = secret_of(late), threading.Barrier(2)
    codes: list[int] = []

    def click() -> None:
        together.wait()
        codes.append(visit(secret, "post").status_code)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(codes) == [200, 410]
    assert acknowledged(late) == 1
