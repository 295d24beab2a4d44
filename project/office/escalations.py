"""Who was told when, and what came of it: every record of the ladders, searched and filtered."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import escalation_log, escalation_words, ladders, people
from cases.escalation_words import Status
from cases.models import Case, RungRecord, User
from cases.text import fold_digits, normalise
from notifications import dead_letters
from notifications.models import Message
from project.office.escalations_form import SearchForm
from workflows.views.access import WorkerRequest, worker_page

ROWS = 25  # records a page
COUNT_CAP = 999
MOST_KEYS = 5000  # messages that did not arrive, the latest
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Outcome = RungRecord.Outcome


@worker_page
@require_safe
def escalations(request: WorkerRequest) -> HttpResponse:
    """The records of the areas that the visitor reads or administers, newest first; of whoever
    reads no area, those of the cases that they see by name.

    Filters are parameters, so that a filtered list can be bookmarked; pages go by key, so that
    the last one costs what the first one does.
    """
    readable = people.visible_areas(request.user)
    areas = {*readable, *people.administered_areas(request.user)}
    seen = people.under(areas, "deadline__case__area")
    if not areas:
        seen = Q(deadline__case__in=Case.objects.visible_to(request.user))
    form = SearchForm(request.GET)
    form.is_valid()  # a date that nobody can read is left out, and the form says so
    found = _filtered(RungRecord.objects.filter(seen), form.cleaned_data)
    listed = list(_page(found, request.GET.get("before", ""))[: ROWS + 1])
    query = request.GET.copy()
    query.pop("before", None)
    page = {
        "form": form,
        "rows": rows(listed[:ROWS], readable),
        # Counted in the order of the index: by any other way a limit is a guess of the planner's.
        "total": len(found.order_by("-at", "-pk").values_list("pk")[: COUNT_CAP + 1]),
        "older": f"{query.urlencode()}&before={_key(listed[ROWS - 1])}" if listed[ROWS:] else "",
        "is_first": "before" not in request.GET,
        "newest": f"?{query.urlencode()}",
    }
    return render(request, "office/escalations.html", page)


def rows(records: list[RungRecord], readable: list[str]) -> list[dict[str, Any]]:
    """Records as the list shows them; one query more, however many there are.

    Expects what `_page` selects. Who does not read the case gets no link to it.
    """
    messages = escalation_log.messages_of(records)
    shown = []
    for record in records:
        deadline, case = record.deadline, record.deadline.case
        rungs = {rung.position: rung for rung in ladders.get(deadline.ladder_id).rungs.all()}
        rung = rungs.get(record.position)
        may_read = any(case.area_id.startswith(code) for code in readable)
        shown.append(
            {
                "line": escalation_log.line(record, messages.get(record.message_key)),
                "at": record.at,
                "case": case.number,
                "area": case.area.path,
                "rung": escalation_words.offset(rung) if rung else "",
                "repeat": record.repeat,
                "due_on": deadline.due_on,
                "url": reverse("deadline", args=[case.number, deadline.pk]) if may_read else "",
            }
        )
    return shown


def _filtered(found: QuerySet[RungRecord], asked: dict[str, Any]) -> QuerySet[RungRecord]:
    if number := fold_digits(normalise(asked.get("number") or "")).upper():
        found = found.filter(deadline__case__number__startswith=number)
    if name := normalise(asked.get("person") or ""):
        found = found.filter(receiver__in=User.objects.filter(name__icontains=name))
    if outcome := asked.get("outcome"):
        found = found.filter(_of(outcome))
    if reason := asked.get("reason"):
        found = found.filter(outcome=Outcome.SKIPPED, reason=reason)
    if since := asked.get("since"):
        found = found.filter(at__gte=_midnight(since))
    if until := asked.get("until"):
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found


def _of(outcome: str) -> Any:
    """The condition on a record of what became of it, see `escalation_words.Status`."""
    told = Q(outcome=Outcome.FIRED)
    match outcome:
        case Status.DELIVERED:
            message = Message.objects.filter(key=OuterRef("message_key"))
            return told & Exists(message.filter(sent_at__isnull=False))
        case Status.NOT_DELIVERED:
            return told & _among(dead_letters.given_up())
        case Status.WAITING:
            waiting = Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
            return told & _among(waiting.order_by("-try_at"))
        case "TOLD":
            return told
    return Q(outcome=outcome)


def _among(messages: QuerySet[Message]) -> Q:
    """Records of these messages. Their keys are read first: few, which the planner cannot know."""
    return Q(message_key__in=list(messages.values_list("key", flat=True)[:MOST_KEYS]))


def _page(found: QuerySet[RungRecord], before: str) -> QuerySet[RungRecord]:
    """Newest first, from behind the record that `before` names (see `_key`); any other: all."""
    moment, _dash, pk = before.partition("-")
    if moment.isdecimal() and pk.isdecimal() and len(moment) <= 17 and len(pk) <= 18:
        at = _EPOCH + timedelta(microseconds=int(moment))
        found = found.filter(Q(at__lt=at) | Q(pk__lt=int(pk)), at__lte=at)
    areas = "deadline__case__area__parent__parent__parent"
    return found.select_related("receiver", areas).order_by("-at", "-pk")


def _key(record: RungRecord) -> str:
    """Where a page goes on: the time of its last record in microseconds, and its key."""
    return f"{(record.at - _EPOCH) // timedelta(microseconds=1)}-{record.pk}"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
