"""The demonstration's clock: time goes ahead, and what time brings arrives in order."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cases import clock
from notifications.models import Message
from project.demo import offset
from project.demo.models import ClockOffset
from tests import cast as casting
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_clock(db: None, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The demonstration's own clock and mail folder; returns the folder."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    offset.forget()
    clock.use_offset(offset.offset)
    yield tmp_path
    offset.forget()


@pytest.fixture
def people(demo_clock: Path) -> Cast:
    return casting.assemble()


def advance(days: str) -> str:
    out = StringIO()
    call_command("demo_clock", advance=days, stdout=out)
    return out.getvalue()


def test_each_day_begins_in_the_morning_and_never_goes_back(demo_clock: Path) -> None:
    seen = [clock.now()]
    for _ in range(3):
        advance("1d")
        seen.append(clock.now())
        assert timezone.localtime(clock.now()).strftime("%H:%M") == "09:00"
    days = [timezone.localdate(moment) for moment in seen]
    assert days == [days[0] + timedelta(days=n) for n in range(4)]


def test_a_late_step_climbs_in_order_each_message_dated_on_its_day(people: Cast) -> None:
    casting.open_founding(people)
    advance("30d")
    besides = ["work_opened", "digest_weekly"]
    told = Message.objects.exclude(template__in=besides).order_by("queued_at", "pk")
    assert [(m.to.username, m.template) for m in told] == [
        ("officer", "reminder"),
        ("officer", "due_today"),
        ("officer", "overdue"),
        ("chief", "escalated"),
        ("second_chief", "escalated"),
        ("district_chief", "escalated"),
        ("academic", "escalated"),
    ]
    days = [timezone.localdate(message.queued_at) for message in told]
    assert days == sorted(days)
    assert len(set(days)) == 5
    assert all(message.sent_at for message in told)


def test_a_visitor_moves_the_clock_and_reads_the_escalation(client: Client, people: Cast) -> None:
    case = casting.open_founding(people)
    page = client.post("/demo/clock/", {"days": "20"}, follow=True)
    assert page.redirect_chain == [("/demo/clock/", 302)]
    listed = client.get("/demo/mail/", {"to": "chief@example.org"})
    (row,) = [row for row in listed.context["letters"] if case.number in row["subject"]]
    read = client.get(row["url"])
    assert f'href="http://localhost:8000/cases/{case.number}/"' in read.content.decode()


@pytest.mark.parametrize("days", ["0", "-1", "101", "ten", "", "1" * 400])
def test_days_that_make_no_sense_move_nothing(client: Client, demo_clock: Path, days: str) -> None:
    before = offset.offset()
    page = client.post("/demo/clock/", {"days": days})
    assert page.status_code == 422
    assert page.context["form"].errors
    assert offset.offset() == before


@pytest.mark.parametrize("typed", ["ten", "0d", "101d", "1w"])
def test_the_command_says_what_it_takes(demo_clock: Path, typed: str) -> None:
    with pytest.raises(CommandError, match="days"):
        advance(typed)
    assert not ClockOffset.objects.exists()


def test_the_offset_is_asked_for_once_a_second(
    demo_clock: Path, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        for _ in range(10):
            clock.now()


def test_outside_the_demonstration_neither_clock_nor_mailbox_exist() -> None:
    program = (
        "import django; django.setup()\n"
        "from django.core.management import get_commands\n"
        "from django.urls import Resolver404, resolve\n"
        "from cases import clock\n"
        "print('demo_clock' in get_commands(), clock._offset)\n"
        "for path in ('/demo/clock/', '/demo/mail/', '/demo/mail/x/'):\n"
        "    try: print(resolve(path))\n"
        "    except Resolver404: print('404')\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings", "SECRET_KEY": "x"}
    environment.pop("SAJJA_DEMO", None)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == ["False None", "404", "404", "404", ""]
