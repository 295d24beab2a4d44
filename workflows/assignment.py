"""Whose the next work item is, and who hears of it (DESIGN 1, 4)."""

from typing import Any

from cases import contents, people
from cases.models import Case, Post, WorkItem
from notifications import outbox


def assign(item: WorkItem, previous: Any) -> list[Post]:
    """Give `item` to whoever it belongs to by itself, and return the posts that may do it.

    The person who just worked goes on with their own next step; a step done again returns to
    whoever did it; a sole holder of the post gets it. Otherwise it waits unclaimed.
    """
    by = previous.by
    if by is not None and people.post_for(by, item.role, item.area_id):
        item.owner = by
        return []
    candidates = people.holders(item.role, item.area_id)
    if len(candidates) == 1:
        item.owner = candidates[0].user
    elif len(candidates) > 1:
        item.owner = _who_did_it(item, candidates)
    return candidates


def _who_did_it(item: WorkItem, candidates: list[Post]) -> Any:
    """The candidate who last worked in this role on the case, if there is one."""
    users = {post.user_id: post.user for post in candidates}
    last = (
        WorkItem.objects.filter(process=item.process, role=item.role, owner__in=users)
        .order_by("-pk")
        .values_list("owner", flat=True)
        .first()
    )
    return users.get(last)


def tell(item: WorkItem, candidates: list[Post], previous: Any) -> None:
    """Queue one message to the new owner, or to everybody who may claim the work.

    Nobody is told about what they did themselves, and a wait is nobody's turn.
    """
    if item.wakes_on is not None:
        return
    decision = previous.decision
    context = message_context(item.process, item.step)
    if decision is not None:
        context["reason"] = decision.reason
    if previous.by is not None:
        context["who"] = previous.by.get_full_name()
    context["due_on"] = item.due_on.isoformat() if item.due_on else None
    for post in candidates:
        if item.owner_id in (None, post.user_id) and post.user != previous.by:
            outbox.queue(
                to=post.user,
                template="returned" if decision else "work_opened",
                context=context,
                key=f"opened:{item.pk}:{post.user_id}",
                at=item.opened_at,
            )


def message_context(case: Case, step: str) -> dict[str, Any]:
    """Names in every language for a message about a step of a case."""
    area = case.area
    return {
        "case": case.number,
        "title": _names(case.party or area),
        "step": contents.step_texts(case, step),
        "area": _names(area),
        "url": f"/cases/{case.number}/",
    }


def _names(thing: Any) -> dict[str, str]:
    """A name per language: of an area, or a group's one name."""
    if hasattr(thing, "name_th"):
        names = {code: getattr(thing, f"name_{code}") for code in ("th", "lo", "en")}
        known = names["th"] or names["lo"] or names["en"]
        return {code: name or known for code, name in names.items()}
    return dict.fromkeys(("th", "lo", "en"), str(thing))
