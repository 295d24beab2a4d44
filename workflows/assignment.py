"""Whose the next work item is, and who hears of it (DESIGN 1, 4)."""

from typing import Any

from cases import clock, people
from cases.matters import matter
from cases.models import Case, Post, User, WorkItem
from notifications import outbox
from workflows import rights


def assign(item: WorkItem, previous: Any) -> list[Post]:
    """Give `item` to whoever it belongs to by itself, and return the posts that may do it.

    The person who just worked goes on with their own next step; a step done again returns to
    whoever did it; a sole holder of the post gets it. Otherwise it waits unclaimed. Nobody is
    given a decision on what they submitted.
    """
    by, four_eyes = previous.by, item.flow_task.four_eyes
    if by and not four_eyes and people.post_for(by, item.role, item.area_id):
        item.owner = by
        return []
    history = rights.history(item.process)
    barred = rights.workers(item.process, history) if four_eyes else set()
    holders = people.holders(item.role, item.area_id)
    candidates = {post.user_id: post for post in holders if post.user_id not in barred}
    before = [user for user, role, _ in history if role == item.role and user in candidates]
    if before or len(candidates) == 1:
        item.owner = candidates[before[0] if before else next(iter(candidates))].user
    return list(candidates.values())


def tell(item: WorkItem, candidates: list[Post], previous: Any) -> None:
    """Queue one message to the new owner, or to everybody who may claim the work.

    Nobody is told about what they did themselves, and a wait is nobody's turn.
    """
    if item.wakes_on is not None or not candidates:
        return
    returned = item.returned_by
    context = matter(item.process, item.step)
    if returned is not None:
        context["reason"] = returned.reason
    if previous.by is not None:
        context["who"] = previous.by.get_full_name()
    context["due_on"] = item.due_on.isoformat() if item.due_on else None
    outbox.queue_many(
        [
            outbox.message(
                to=post.user,
                template="returned" if returned else "work_opened",
                context=context,
                key=f"opened:{item.pk}:{post.user_id}",
                at=item.opened_at,
            )
            for post in candidates
            if item.owner_id in (None, post.user_id) and post.user != previous.by
        ]
    )


def tell_the_end(
    case: Case, step: str, *, template: str, by: User | None, owners: set[int]
) -> None:
    """Queue one message to everybody who worked on a case that has come to its end.

    `owners` are those who had open work on it; nobody is told about what they did themselves.
    """
    receivers = rights.workers(case) | owners
    context = matter(case, step)
    if by is not None:
        context["who"] = by.get_full_name()
        receivers.discard(by.pk)
    told = [
        outbox.message(
            to=user, template=template, context=context, key=f"end:{case.pk}:{user}", at=clock.now()
        )
        for user in sorted(receivers)
    ]
    outbox.queue_many(told)
