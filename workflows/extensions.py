"""More time for a deadline: asked for by who has the work, allowed or refused a level above.

As in `workflows/actions.py` every function is one transaction under the case's lock, writes one
event or changes nothing, and raises `workflows.errors.Refused` with the reason in words, or
ValidationError for what cannot be entered. The ledger of the deadline keeps days and ids alone;
reason and answer stand in `Extension` and in the erasable text of the events.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import audit, clock, moving
from cases.audit import EventKind
from cases.matters import matter
from cases.models import Case, Deadline, Extension, Post, User, WorkItem
from cases.quiet import hold_until
from notifications import outbox
from workflows.errors import AlreadyDone, NotYours, Refused
from workflows.extension_rights import days_left, entitled, post_to_answer, post_to_ask
from workflows.lock import locked_case

LONGEST_TEXT = 300  # characters of a reason or an answer, as the columns hold them


def ask(pk: int, *, days: int, reason: str, by: User) -> Extension:
    """Ask for `days` more for the running deadline `pk`, in the unit of its rule.

    Raises NotYours unless `by` may do the work, AlreadyDone where it is done or somebody asked
    already, Refused where no more time is to be had, ValidationError for days or reason.
    """
    with _locked(pk) as deadline:
        post = post_to_ask(by, deadline)
        asked = deadline.extensions.filter(granted__isnull=True).select_related("asked_by").first()
        if asked is not None:
            what = {"name": asked.asked_by}
            text = _("%(name)s has asked for more time already, and nobody has answered yet.")
            raise AlreadyDone(text % what, by=asked.asked_by_id)
        reason = _checked(deadline, days, reason)
        extension = Extension.objects.create(
            deadline=deadline, days=days, asked_by=by, asked_at=clock.now(), reason=reason
        )
        _record(EventKind.EXTENSION_ASKED, extension, by, post, {"reason": reason})
        chiefs = [chief.user_id for chief in entitled(deadline, asked_by=by.pk)]
        _tell("extension_asked", extension, chiefs, by, reason)
        return extension


def grant(pk: int, *, by: User, answer: str = "") -> Extension:
    """Allow the extension `pk`: its deadline is due later, and its ladder counts anew.

    Raises NotYours unless `by` is entitled, AlreadyDone where it was answered or the work done.
    """
    return _answer(pk, by, answer.strip(), granted=True)


def refuse(pk: int, *, by: User, answer: str) -> Extension:
    """Refuse the extension `pk`, with a reason; raises as `grant`, and ValidationError."""
    if not answer.strip():
        raise ValidationError({"answer": _("Say why there is no more time.")})
    return _answer(pk, by, answer.strip(), granted=False)


@contextmanager
def _locked(pk: int) -> Iterator[Deadline]:
    """The running deadline `pk` with its case and work item, fresh and locked in their order."""
    found = Deadline.objects.select_related("case").get(pk=pk)
    with locked_case(found.case) as case:
        running = moving.running(case, pk=pk)
        if not running:
            raise AlreadyDone(_("This has ended meanwhile: more time is of no use."))
        deadline = running[0]
        deadline.case = case
        if deadline.work_item_id:
            items = WorkItem.objects.select_related("owner", "returned_by")
            deadline.work_item = items.get(pk=deadline.work_item_id)
            deadline.work_item.process = case
        yield deadline


def _checked(deadline: Deadline, days: int, reason: str) -> str:
    """The reason, bare. Raises Refused where no time is left, ValidationError with each error."""
    left = days_left(deadline)
    if not left:
        raise Refused(_("This has been extended by as much as may be."))
    errors = {}
    if days < 1:
        errors["days"] = _("Write how many days more: 1 or more.")
    elif days > left:
        text = ngettext("At most %(n)s day more.", "At most %(n)s days more.", left)
        errors["days"] = text % {"n": left}
    if not reason.strip():
        errors["reason"] = _("Say why you need more time.")
    elif len(reason.strip()) > LONGEST_TEXT:
        errors["reason"] = _too_long()
    if errors:
        raise ValidationError(errors)
    return reason.strip()


def _answer(pk: int, by: User, answer: str, *, granted: bool) -> Extension:
    if len(answer) > LONGEST_TEXT:
        raise ValidationError({"answer": _too_long()})
    with _locked(Extension.objects.only("deadline").get(pk=pk).deadline_id) as deadline:
        extension = Extension.objects.select_related("asked_by", "decided_by").get(pk=pk)
        extension.deadline = deadline
        if extension.granted is not None:
            what = {"name": extension.decided_by}
            raise AlreadyDone(_("%(name)s has answered this.") % what, by=extension.decided_by_id)
        post = post_to_answer(by, extension)
        if post is None:
            raise NotYours(_("More time is given by the level above, never by who has the work."))
        extension.granted, extension.answer = granted, answer
        extension.decided_by, extension.decided_at = by, clock.now()
        extension.save(update_fields=["granted", "answer", "decided_by", "decided_at"])
        kind = EventKind.EXTENSION_REFUSED
        if granted:
            kind, at = EventKind.EXTENSION_GRANTED, extension.decided_at
            moving.extend(deadline, deadline.case, extension.days, key=extension.pk, at=at)
        _record(kind, extension, by, post, {"answer": answer} if answer else None)
        template = "extension_granted" if granted else "extension_refused"
        _tell(template, extension, [extension.asked_by_id], by, answer)
        return extension


def _record(
    kind: EventKind, extension: Extension, by: User, post: Post, text: dict[str, Any] | None
) -> None:
    deadline = extension.deadline
    case: Case = deadline.case
    codes = {
        "deadline": deadline.pk,
        "extension": extension.pk,
        "days": extension.days,
        "due": deadline.due_on.isoformat(),
    }
    step = deadline.work_item.step if deadline.work_item else ""
    audit.record(case, kind, by=by, post=post, step=step, codes=codes, text=text)


def _tell(
    template: str, extension: Extension, receivers: Iterable[int], by: User, reason: str
) -> None:
    """Queue one message to each of `receivers`, with the way to the deadline's own page."""
    deadline = extension.deadline
    case, item, at = deadline.case, deadline.work_item, clock.now()
    context = matter(case, item.step if item else deadline.name) | {
        "url": reverse("deadline", args=[case.number, deadline.pk]),
        "due_on": deadline.due_on.isoformat(),
        "who": by.get_full_name(),
        "extra_days": extension.days,
        "reason": reason,
    }
    outbox.queue_many(
        [
            outbox.message(
                to=receiver,
                template=template,
                context=context,
                key=f"{template}:{extension.pk}:{receiver}",
                at=at,
                hold_until=hold_until(case.area_id, at),
            )
            for receiver in receivers
        ]
    )


def _too_long() -> str:
    return _("At most %(n)s characters.") % {"n": LONGEST_TEXT}
