"""Whose a work item is, and who hears of it (DESIGN 1, 4)."""

from collections.abc import Iterable
from typing import Any

from cases import clock, people
from cases.matters import matter
from cases.models import Case, Event, Post, User, WorkItem
from cases.quiet import hold_until
from notifications import outbox
from workflows import rights


def assign(item: WorkItem, previous: Any) -> list[Post]:
    """Give a new `item` to whoever it belongs to, and return the posts that may do it.

    Whoever just did a step of the same role goes on with the next. `previous` is the activation
    of the step before.
    """
    by, same_role = previous.by, previous.task.role == item.role
    if by and same_role and people.post_for(by, item.role, item.area_id):
        item.owner = by
        return []
    return choose(item, just_did=by)


def choose(item: WorkItem, just_did: User | None = None) -> list[Post]:
    """Give `item` to who did this step before, else to who last worked in its role, else to a
    sole holder of the post; otherwise it waits unclaimed. Returns the posts that may do it.

    Nobody is given a decision on what they submitted; `just_did` is the person whose deed is
    not in the trail yet.
    """
    case, flow = item.process, item.process.flow_class.instance
    done = rights.deeds(case)
    barred = rights.workers(case, done) if item.flow_task.four_eyes else set()
    if item.flow_task.four_eyes and just_did:
        barred.add(just_did.pk)
    holders = people.holders(item.role, item.area_id)
    candidates = {post.user_id: post for post in holders if post.user_id not in barred}
    known = [deed for deed in done if deed.by in candidates]
    before = [deed.by for deed in known if deed.step == item.step]
    before += [deed.by for deed in known if flow.node(deed.step).role == item.role]
    if before or len(candidates) == 1:
        item.owner = candidates[before[0] if before else next(iter(candidates))].user
    return list(candidates.values())


def tell(item: WorkItem, candidates: list[Post], by: User | None, *, why: str = "opened") -> None:
    """Queue one message to the new owner, or to everybody who may claim the work.

    Nobody is told about what they did themselves (`by`), and a wait is nobody's turn. `why`
    names the occasion: one message for each. At night and on days off it waits.
    """
    if item.wakes_on is not None or not candidates:
        return
    returned = item.returned_by
    context = matter(item.process, item.step)
    if returned is not None:
        context["reason"] = returned.reason
    if by is not None:
        context["who"] = by.get_full_name()
    context["due_on"] = item.due_on.isoformat() if item.due_on else None
    at = clock.now()
    outbox.queue_many(
        [
            outbox.message(
                to=post.user,
                template="returned" if returned else "work_opened",
                context=context,
                key=f"{why}:{item.pk}:{post.user_id}",
                at=at,
                hold_until=hold_until(post.area_id, at),
            )
            for post in candidates
            if item.owner_id in (None, post.user_id) and post.user != by
        ]
    )


def tell_the_end(
    case: Case,
    step: str,
    *,
    by: User | None,
    approved: bool = False,
    reason: str = "",
    owners: Iterable[int] = (),
) -> None:
    """Queue one message to everybody who worked on a case that has come to its end.

    `owners` had open work on it. Nobody is told about what they did themselves.
    """
    receivers: set[int | None] = {
        case.opened_by_id,
        *owners,
        *(deed.by for deed in rights.deeds(case)),
    }
    context = matter(case, step) | ({"reason": reason} if reason else {})
    if by is not None:
        context["who"] = by.get_full_name()
        receivers.discard(by.pk)
    at = clock.now()
    outbox.queue_many(
        [
            outbox.message(
                to=user,
                template="decided" if approved else "case_ended",
                context=context,
                key=f"end:{case.pk}:{user}",
                at=at,
                hold_until=hold_until(case.area_id, at),
            )
            for user in sorted(filter(None, receivers))
        ]
    )


def tell_the_correction(item: WorkItem, event: Event, *, reason: str, by: User) -> None:
    """Queue one message about a corrected step to whoever decided after it, and to the owner of
    the open step; never to who corrected it.
    """
    case = item.process
    decided = case.decisions.filter(pk__in=event.codes["depends"].get("decision", []))
    receivers = {*decided.values_list("decided_by", flat=True)}
    running = case.task_set.filter(closed_at__isnull=True, owner__isnull=False)
    receivers.update(running.values_list("owner", flat=True))
    context = matter(case, item.step) | {"reason": reason, "who": by.get_full_name()}
    at = clock.now()
    outbox.queue_many(
        [
            outbox.message(
                to=user,
                template="corrected",
                context=context,
                key=f"corrected:{event.pk}:{user}",
                at=at,
                hold_until=hold_until(case.area_id, at),
            )
            for user in sorted(receivers - {by.pk})
        ]
    )
