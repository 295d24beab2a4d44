"""What the operator's page shows: alarms, notices, dead letters, and how old the last runs are."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases import alarms, escalation_words
from cases.alarms import NOTICES, TITLES, Kind
from cases.models import Alarm, Area, Deadline, User
from cases.roles import Role
from notifications import choices, dead_letters
from notifications.models import Message
from project import watch
from project.operator.advice import ADVICE
from project.operator.scope import Scope
from project.tasks import WORKER

SHOWN = 50  # alarms, notices and dead letters of each kind
CASES = 5  # numbers of cases that an alarm names
_PARTS = {
    WORKER: gettext_lazy("Beat and worker"),
    "sweep": gettext_lazy("Sweep over the deadlines"),
    "deliver": gettext_lazy("Delivery of messages"),
    watch.AUDITOR: gettext_lazy("Audit"),
}


def context(scope: Scope) -> dict[str, Any]:
    """Everything on the page for `scope`, in a number of queries that does not grow."""
    found = Alarm.objects.filter(alarms.OPEN).filter(scope.alarms()).order_by("kind", "seen_at")
    broken = list(found.exclude(kind__in=NOTICES)[:SHOWN])
    notices = list(found.filter(kind__in=NOTICES)[:SHOWN])
    words = _Words([*broken, *notices])
    letters = dead_letters.given_up().filter(scope.messages())
    parts = _parts() if scope.whole else []
    still = [part for part in parts if not part["well"]]
    return {
        "whole": scope.whole,
        "state": "red" if broken or still else "yellow" if notices else "green",
        "alarms": [words.told(alarm) for alarm in broken],
        "notices": [words.told(alarm) for alarm in notices],
        "letters": [_letter(each) for each in letters.select_related("to", "endpoint")[:SHOWN]],
        "letter_count": letters.count(),
        "parts": parts,
        "outbox": _outbox() if scope.whole else None,
    }


class _Words:
    """Areas, people and cases that alarms name, each looked up once for all of them."""

    def __init__(self, shown: Iterable[Alarm]) -> None:
        facts = [alarm.facts for alarm in shown]
        self._areas = Area.objects.select_related("parent__parent__parent").in_bulk(
            {fact["area"] for fact in facts if fact.get("area")}
        )
        self._people = User.objects.in_bulk({fact["user"] for fact in facts if "user" in fact})
        deadlines = {pk for fact in facts for pk in fact.get("deadlines", [])[:CASES]}
        cases = Deadline.objects.filter(pk__in=deadlines).values_list("pk", "case__number")
        self._cases = dict(cases) if deadlines else {}

    def told(self, alarm: Alarm) -> dict[str, Any]:
        """One alarm: what, where, how many, since when, what it means and what to do."""
        facts, advice = alarm.facts, ADVICE[alarm.kind]
        area = self._areas.get(facts.get("area"))
        return {
            "title": TITLES[alarm.kind],
            "about": self._about(alarm),
            "where": (area.path if area.level else area.name) if area else "",
            "since": alarm.seen_at,
            "means": advice.means,
            "steps": advice.steps,
            "cases": sorted(
                {self._cases[pk] for pk in facts.get("deadlines", []) if pk in self._cases}
            ),
        }

    def _about(self, alarm: Alarm) -> str:
        facts = alarm.facts
        count = facts.get("count", 0)
        running = ngettext("%(n)s running deadline", "%(n)s running deadlines", count)
        match alarm.kind:
            case Kind.EMPTY_POST:
                return f"{Role(facts['role']).label} · {running % {'n': count}}"
            case Kind.NO_ADDRESS:
                person = self._people.get(facts["user"], "")
                work = ngettext("%(n)s open step", "%(n)s open steps", count) % {"n": count}
                return f"{person} · {work}"
            case Kind.PART_STILL:
                return str(_PARTS[facts["part"]])
            case Kind.OUTBOX_STILL:
                return ngettext("%(n)s message", "%(n)s messages", count) % {"n": count}
        return running % {"n": count}


def _letter(message: Message) -> dict[str, Any]:
    """A message that was given up: of the matter only what an administrator may know."""
    return {
        "pk": message.pk,
        "who": str(message.to or message.endpoint or ""),
        "subject": _subject(message.template),
        "channel": message.get_channel_display(),
        "case": message.context.get("case", ""),
        "why": escalation_words.failure(message.error),
        "answer": message.error,
        "at": message.given_up_at,
    }


def _subject(template: str) -> str:
    """The kind of message, as people choose by it (notifications.choices)."""
    code = choices.KIND_OF.get(template, "")
    return next((str(kind.title) for kind in choices.KINDS if kind.code == code), template)


def _parts() -> list[dict[str, Any]]:
    """The parts that work in the background, with how long ago a run of each ended well."""
    ages = watch.ages()
    return [
        {
            "title": title,
            "ago": _ago(ages[name]) if name in ages else _("never"),
            "well": name in ages and ages[name] <= watch.patience(name),
        }
        for name, title in _PARTS.items()
    ]


def _ago(age: timedelta) -> str:
    seconds = max(int(age.total_seconds()), 0)
    if seconds < 120:
        return ngettext("%(n)s second ago", "%(n)s seconds ago", seconds) % {"n": seconds}
    minutes = seconds // 60
    if minutes < 120:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    return ngettext("%(n)s hour ago", "%(n)s hours ago", minutes // 60) % {"n": minutes // 60}


def _outbox() -> dict[str, Any]:
    """How many messages wait, how many of them were tried in vain, and since when the oldest."""
    waiting = Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    return waiting.aggregate(
        depth=Count("pk"), tried=Count("pk", filter=Q(attempts__gt=0)), oldest=Min("queued_at")
    )
