"""One case of every kind that an address can meet, for the tests that walk all addresses.

A place is named by the address's name and, where it matters, by the situation that the visitor
finds: "step" is the officer's own, "step unclaimed" nobody's, "step done" a finished one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from cases import acknowledging, alarms, clock, contents, staffing, unstaffed
from cases.imports import arrivals, runs
from cases.models import Case, Holiday, RungRecord, User
from cases.roles import Role
from notifications import links
from notifications.models import Message
from project import tasks, watch
from project.demo import mailbox
from tests.cases import sample_files as files
from tests.cast import A_PDF, Cast, assemble, bring_to, do, item_of, open_founding, typed
from tests.contract import (
    places_of_channels,
    places_of_deadlines,
    places_of_messages,
    typed_ladders,
)
from tests.procedures.monthly import followed
from workflows import actions, claims, papers
from workflows.procedures.group_month.opening import open_months

SUBMIT = {"submit": "1"}
OFFICE_NAME = "สำนักงานพัฒนาชุมชนอำเภอเชียงคาน"
LETTER = "20251124-010203-7-1"
_MAIL = (
    b"Subject: A letter\nFrom: a@example.org\nTo: b@example.org\n"
    b"Date: Mon, 24 Nov 2025 01:02:03 +0700\n\nText.\n" + b"-" * 79 + b"\n"
)


@dataclass
class World:
    """The cast and the places that it can go to: addresses, and what a POST there sends."""

    cast: Cast
    urls: dict[str, str] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, who: str, *, language: str = "", **options: Any) -> Client:
        """A browser in which `who` is signed in; "anonymous" is nobody."""
        client = Client(**options)
        if language:
            client.cookies["django_language"] = language
        if who in self.sessions:
            client.cookies["sessionid"] = self.sessions[who]
        return client

    def visit(self, who: str, method: str, place: str, language: str = "") -> Any:
        """What `who` is answered at a place; a file is read to its end, which closes it."""
        sent = self.sent[place] if method == "POST" else None
        ask = getattr(self.client(who, language=language), method.lower())
        response = ask(self.urls[place], sent)
        if response.streaming:
            response.body = b"".join(response.streaming_content)
        return response

    def add(self, place: str, *args: Any, query: str = "", sent: dict | None = None) -> None:
        """Name a place; its first word is the address's name."""
        self.urls[place] = reverse(place.split()[0], args=args) + query
        self.sent[place] = sent or {}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the project, also of what it includes."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves the database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything(case: Case, step: str) -> dict[str, str]:
    """A whole, right form of a step: entries, all ticks, and the button that finishes it."""
    return typed(step) | {f"tick-{c['code']}": "1" for c in contents.checklist(case, step)} | SUBMIT


def build(mail: Path) -> World:
    """The world, in the database; `mail` is the folder of the demonstration's mailbox."""
    world = World(assemble())
    _cases(world)
    _pages_without_case(world, mail)
    _pages_of_people(world)
    _office_calendar_and_settings(world)
    _imports(world)
    _operation(world)
    places_of_channels.add_places(world)
    places_of_deadlines.add_places(world)
    places_of_messages.add_places(world)
    typed_ladders.add_places(world)
    for who in world.cast.__dataclass_fields__:
        if isinstance(person := getattr(world.cast, who), User):
            client = Client()
            client.force_login(person)
            world.sessions[who] = client.cookies["sessionid"].value
    return world


def _pages_without_case(world: World, mail: Path) -> None:
    cast = world.cast
    for name in ("home", "logout", "work", "cases", "healthz", "readyz", "office", "demo-mail"):
        world.add(name)
    world.add("login", sent={"username": "officer", "password": "officer"})
    world.add("set_language", sent={"language": "lo"})
    opening = {"trigger": "NO_CAPITAL"} | SUBMIT
    world.add("new-case")
    world.add("new-case village", query=f"?village={cast.second_village.code}", sent=opening)
    world.add("new-case running", query=f"?village={cast.village.code}", sent=opening)
    world.add("area village", cast.village.code)
    world.add("area province", "TH42")
    world.add("area outside", cast.outside_village.code)
    world.add("group", followed(cast.village, clock.today().replace(day=1)).pk)
    world.add("group outside", followed(cast.outside_village, date(2026, 1, 1)).pk)
    open_months()
    world.add("demo-clock", sent={"days": "never"})
    world.add("demo-letter", LETTER)
    (mail / f"{LETTER.rpartition('-')[0]}.log").write_bytes(_MAIL)
    assert mailbox.letter(LETTER)
    tasks.heartbeat()


def _office_calendar_and_settings(world: World) -> None:
    """What administrators keep of the whole country, and chiefs of their own office."""
    here, reason = "?area=TH4203", {"reason": "เหตุ"}
    world.add("office-history")
    world.add("office-calendar")
    world.add("office-calendar district", query=here + "&year=2570")
    new = {"day": "24/11/2570", "name_th": "วันหยุดพิเศษ"} | reason
    world.add("office-holiday-new", sent=new | SUBMIT)
    holiday = Holiday.objects.get(country="TH", day="2027-12-10").pk
    opening = {"open-reason": "เหตุ", "open": "1"}
    world.add("office-holiday", holiday, sent=opening)
    removing = {"remove-reason": "เหตุ", "remove": "1"}
    world.add("office-holiday removed", holiday, query=here, sent=removing)
    world.add("office-settings")
    world.add("office-settings district", query=here)
    letterhead = {"office_name": OFFICE_NAME} | reason
    world.add("office-setting memo-head", "TH4203", "letterhead", sent=letterhead | SUBMIT)
    days = {"number": "9"} | reason | SUBMIT
    world.add("office-setting", "TH4203", "due.SGF.study", sent=days)
    told = {"person_1": str(world.cast.academic.pk), "how": "beside"} | reason | SUBMIT
    world.add("office-setting told", "TH4203", "told.DISTRICT_CHIEF", sent=told)
    world.add("office-setting unknown", "TH4203", "due.SGF.nothing", sent=days)


def _operation(world: World) -> None:
    """An audit has just ended and found a post that nobody holds; one message was given up."""
    watch.note(watch.AUDITOR)
    alarms.keep(unstaffed.findings(day=clock.today()), now=timezone.now())
    lost = Message.objects.create(
        key="lost",
        to=world.cast.officer,
        template="overdue",
        context={"case": "SGF-42-2570-0001"},
        queued_at=clock.now(),
        given_up_at=timezone.now(),
        error="no_address",
    )
    world.add("escalations")
    world.add("escalations sought", query="?person=officer&outcome=SKIPPED&since=1/1/2569&until=x")
    world.add("operator")
    world.add("send-again", sent={"message": str(lost.pk)})


def _imports(world: World) -> None:
    """A checked file of villages with one line that is refused."""
    content = "code,ชื่อ\n42030177,บ้านใหม่\n42,บ้านไม่มีรหัส\n".encode()
    upload = SimpleUploadedFile("villages.csv", content)
    run = arrivals.receive("villages", upload, by=world.cast.admin, language="th")
    runs.advance(run.pk)
    world.add("imports")
    world.add("import-kind", "villages")
    world.add("import-kind foundings", "foundings")
    world.add("import-kind unknown", "nothing")
    world.add("import-template", "villages", "xlsx")
    world.add("import-template other", "villages", "exe")
    world.add("import-run", run.pk)
    world.add("import-run confirmed", run.pk, sent={"import": "1"})
    world.add("import-report", run.pk, "csv")


def _pages_of_people(world: World) -> None:
    cast = world.cast
    details = {"name": "สมหญิง ใจดี", "email": "somying@example.org", "language": "th"}
    post = {"role": Role.FIELD_OFFICER, "starts_on": "23/11/2569"}
    place = {"province": "TH42", "district": "TH4203", "subdistrict": "TH420301"}
    added = staffing.add_person(by=cast.admin, name="คนใหม่", email="new@example.org")
    world.add("people")
    world.add("new-person", sent=details | post | place | SUBMIT)
    world.add("new-person incomplete", sent={"name": ""} | SUBMIT)
    world.add("person", cast.officer.pk, sent=details)
    for name in ("person unknown", "close-account unknown"):
        world.add(name, 9_223_372_036_854_775_808)
    world.add("invite", added.pk)
    for name in ("close-account", "open-account"):
        world.add(name, cast.colleague.pk)
    world.add("new-post", added.pk, sent=post | place | SUBMIT)
    world.add(
        "end-post", cast.officer.pk, cast.officer.posts.get().pk, sent={"ends_on": "1/2/2570"}
    )
    world.add("end-post of-another", cast.officer.pk, cast.chief.posts.get().pk)
    world.add("me", sent={"name": "ชื่อ", "language": "lo"})
    world.add("password", sent={"old_password": "wrong"})
    world.add("forgotten", sent={"account": "officer"})
    world.add("set-password")
    secret = links.personal_link(added).rpartition("?")[2]
    world.add("set-password link", query=f"?{secret}")


def _cases(world: World) -> None:
    cast = world.cast
    own = open_founding(cast)
    number = own.number
    world.add("case", number)
    world.add("end", number, "cancelled", sent={"reason": "เหตุ"} | SUBMIT)
    _places_of_step(world, "", own, everything(own, "study"))

    unclaimed = open_founding(cast)
    claims.release(item_of(unclaimed).pk, by=cast.officer)
    _places_of_step(world, " unclaimed", unclaimed, everything(unclaimed, "study"))

    world.add("step of-another-case", number, item_of(unclaimed).pk, sent=SUBMIT)
    world.add("claim of-another-case", number, item_of(unclaimed).pk)

    _finished_and_proven(world)
    _papers(world)
    _deadlines_told(world)
    deciding = bring_to(open_founding(cast), "verify_preparation", cast)
    world.add(
        "step decision",
        *(deciding.number, item_of(deciding).pk),
        sent={"outcome": "APPROVED"} | SUBMIT,
    )
    asked = bring_to(open_founding(cast), "ask_leaders", cast)
    day = clock.today() + timedelta(days=30)
    asked = do(asked, "ask_leaders", by=cast.officer, leaders_agreed=False, revisit_on=day)
    world.add("step waiting", asked.number, item_of(asked).pk, sent=SUBMIT)
    ended = open_founding(cast)
    actions.end(ended, how="cancelled", by=cast.chief, reason="เหตุ")
    world.add("end ended", ended.number, "cancelled", sent={"reason": "เหตุ"} | SUBMIT)


def _deadlines_told(world: World) -> None:
    """Of one deadline the officer and the chief were told, of one it was acknowledged."""
    cast = world.cast
    own, seen, untold = (open_founding(cast) for _ in range(3))
    for case in (own, seen):
        for to in (cast.officer, cast.chief):
            RungRecord.objects.create(
                deadline=item_of(case).deadline,
                position=0,
                receiver=to,
                outcome="FIRED",
                planned_at=clock.now(),
                at=clock.now(),
            )
    acknowledging.acknowledge(item_of(seen).deadline, cast.officer, clock.now())
    world.add("case told", own.number)
    world.add("case acknowledged", seen.number)
    world.add("acknowledge", own.number, item_of(own).deadline.pk)
    world.add("acknowledge acknowledged", seen.number, item_of(seen).deadline.pk)
    world.add("acknowledge untold", untold.number, item_of(untold).deadline.pk)
    world.add("acknowledge of-another", untold.number, item_of(own).deadline.pk)


def _papers(world: World) -> None:
    """A case that has voted, whose minutes were made twice, and other papers not yet."""
    cast = world.cast
    case = bring_to(open_founding(cast), "enrol", cast)
    for _ in range(2):
        minutes = papers.make(case, "minutes", by=cast.officer)
    world.add("case papers", case.number)
    world.add("document paper", case.number, minutes.pk)
    world.add("make-paper", case.number, "minutes")
    world.add("make-paper too-early", case.number, "bank-letter")
    world.add("make-paper unknown", case.number, "no-such-paper")


def _places_of_step(world: World, situation: str, case: Case, sent: dict[str, str]) -> None:
    for name in ("step", "claim", "release"):
        form = sent if name == "step" else None
        world.add(f"{name}{situation}", case.number, item_of(case).pk, sent=form)


def _finished_and_proven(world: World) -> None:
    """A case whose first step is done, and whose second one has a photo and a file."""
    cast = world.cast
    case = open_founding(cast)
    done = item_of(case)
    case = do(case, "study", by=cast.officer)
    world.add("step done", case.number, done.pk, sent=everything(case, "study"))
    right = {"study_year": "2024", "correction-reason": "เหตุ", "correction-version": "1"}
    world.add("correct", case.number, done.pk, sent=typed("study") | right | SUBMIT)
    world.add("correct open", case.number, item_of(case).pk, sent=right | SUBMIT)
    world.add("version", case.number, done.pk, 1)
    world.add("version none", case.number, done.pk, 2)
    item = item_of(case)
    photo = SimpleUploadedFile("ภาพ.jpg", files.photo((40, 30)))
    kept = actions.attach(item.pk, photo, code="minutes", by=cast.officer)
    other = SimpleUploadedFile("x.pdf", A_PDF)
    removed = actions.attach(item.pk, other, code="minutes", by=cast.officer)
    actions.detach(item.pk, removed.pk, by=cast.officer)
    world.add("remove-document", case.number, item.pk, kept.pk)
    for name in ("document", "thumbnail"):
        world.add(name, case.number, kept.pk)
    world.add("document removed", case.number, removed.pk)
