"""Who may ask for more time for a deadline, who may give it, and how much (handbook 4.1, 4.3)."""

from django.utils.translation import gettext as _

from cases import deadlines, due, ladders, ledger, people
from cases.models import Deadline, Extension, Post, User, WorkItem
from cases.models.work_item import OPEN
from workflows.errors import AlreadyDone, NotYours, Refused
from workflows.rights import post_to_act

MOST_OF_A_LEGAL_DAY = 7  # calendar days


def days_left(deadline: Deadline) -> int:
    """How many days `deadline` may still be extended by, in the unit of its rule.

    Its step or span says how many in total. Unless it does, as many as its rule counts: where
    the handbook bounds an extension, it is about as much again (5.5: 7 days, 15 with leave); a
    legal day moves by a week at most.
    """
    item = deadline.work_item
    own = item.flow_task if item else deadline.case.flow_class.spans.get(deadline.name)
    most = own.extend if own else None
    if most is None:
        counted = due.is_counted(deadline.rule)
        most = next(iter(deadline.rule.values())) if counted else MOST_OF_A_LEGAL_DAY
    return max(int(most) - ledger.extended(deadline.ledger), 0)


def post_to_ask(by: User, deadline: Deadline) -> Post:
    """The post in which `by` may ask: that in which they do the work. Raises Refused."""
    if deadline.closed_at is not None:
        raise AlreadyDone(_("This has ended meanwhile: more time is of no use."))
    if deadline.work_item is not None:
        return post_to_act(by, deadline.work_item)
    post = people.post_for(by, deadline.role, deadline.case.area_id)
    if post is None:
        raise NotYours(_("Only who has the work can ask for more time."))
    return post


def may_ask(user: User, deadline: Deadline) -> bool:
    """Whether to offer `user` to ask for more time; somebody may have asked already."""
    try:
        post_to_ask(user, deadline)
    except Refused:
        return False
    return days_left(deadline) > 0


def may_answer(user: User, extension: Extension) -> bool:
    """Whether to offer `user` to grant or refuse `extension`."""
    open_ = extension.granted is None and extension.deadline.closed_at is None
    return open_ and post_to_answer(user, extension) is not None


def post_to_answer(by: User, extension: Extension) -> Post | None:
    """The post in which `by` may grant or refuse `extension`; None for none."""
    posts = entitled(extension.deadline, asked_by=extension.asked_by_id)
    return next((post for post in posts if post.user_id == by.pk), None)


def entitled(deadline: Deadline, *, asked_by: int) -> list[Post]:
    """The posts that may give more time: one level above the doer's role in the ladder's line.

    Where nobody holds one there, the next level above. Never whoever asked or has the work.
    """
    case, item = deadline.case, deadline.work_item
    role = item.role if item else deadline.role
    line = ladders.get(deadline.ladder_id).line.get(deadlines.country_of(case), [])
    own = next((height for height, roles in enumerate(line) if role in roles), -1)
    doing = WorkItem.objects.filter(OPEN, process=case, role=role, owner__isnull=False)
    barred = {asked_by, *doing.values_list("owner", flat=True)}
    for roles in line[own + 1 :]:
        posts = [post for above in roles for post in people.holders(above, case.area_id)]
        fitting = [post for post in posts if post.user.is_active and post.user_id not in barred]
        if fitting:
            return fitting
    return []
