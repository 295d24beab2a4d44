"""A person's open deadlines as a calendar that other programs read (RFC 5545)."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import CLASS, TRANSP, Calendar, Event

from cases import contents, people
from cases.models import Deadline, User
from workflows.pages import work

MOST = 500  # events: of more work than that no calendar makes a plan
REFRESH = timedelta(hours=1)


def agenda(user: User, *, also_unclaimed: bool) -> bytes:
    """The deadlines of the user's own work, with `also_unclaimed` those of what they may take.

    Tells the case, the step and the place in the language in force, and nothing of other people.
    The same deadlines give the same bytes.
    """
    calendar = Calendar.new(
        prodid="-//Sajja//Deadlines//EN",
        uid=f"deadlines-{user.pk}@{_host()}",
        name=_("Sajja: my deadlines"),
        refresh_interval=REFRESH,
    )
    calendar["refresh-interval"].params["value"] = "DURATION"  # RFC 7986 has no default
    calendar.add("x-published-ttl", REFRESH)  # the same, as older programs ask
    for deadline in _running(user, also_unclaimed):
        calendar.add_component(_event(deadline))
    return bytes(calendar.to_ical())


def _running(user: User, also_unclaimed: bool) -> Iterable[Deadline]:
    """Deadlines that run, the most urgent first; what waits for a date is left out."""
    theirs = work.items(user, "mine").values("pk")
    chosen = Q(work_item__in=theirs)
    if also_unclaimed:
        chosen |= Q(work_item__in=work.items(user, "unclaimed").values("pk")) | _spans(user)
    found = Deadline.objects.filter(chosen, closed_at=None, paused_at=None)
    return found.select_related("case__area__parent__parent__parent", "work_item").order_by(
        "due_on", "pk"
    )[:MOST]


def _spans(user: User) -> Q:
    """Spans of cases for which a post of the user's answers."""
    condition = Q(pk__in=[])
    for post in people.posts_of(user):
        condition |= Q(role=post.role, case__area__code__startswith=post.area_id)
    return condition & Q(work_item=None)


def _event(deadline: Deadline) -> Event:
    case, item = deadline.case, deadline.work_item
    step = contents.pick(contents.step_texts(case, item.step if item else deadline.name))
    page = settings.BASE_URL + (
        reverse("step", args=[case.number, item.pk])
        if item
        else reverse("case", args=[case.number])
    )
    return Event.new(
        uid=f"deadline-{deadline.pk}@{_host()}",
        summary=f"{step} · {case.number}",
        start=deadline.due_on,
        end=deadline.due_on + timedelta(days=1),
        stamp=item.opened_at if item else case.opened_at,
        location=case.area.path,
        url=page,
        description=page,
        classification=CLASS.PRIVATE,
        transparency=TRANSP.TRANSPARENT,  # a day on which something is due is no busy day
    )


def _host() -> str:
    return str(urlsplit(settings.BASE_URL).hostname)
