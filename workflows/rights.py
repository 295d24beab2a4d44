"""Who may do a work item: the one home of the rule (DESIGN 3, 5; handbook 4.1)."""

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from cases import people
from cases.dates import format_datetime
from cases.models import Case, Post, User, WorkItem
from workflows.errors import AlreadyDone, NotYours, TakenBySomebody


def post_to_act(user: User, item: WorkItem) -> Post:
    """The post in which `user` may do `item`.

    Raises AlreadyDone, NotYours or TakenBySomebody with the reason in words.
    """
    if not item.is_open:
        raise _done(item)
    post = people.post_for(user, item.role, item.area_id)
    if post is None:
        raise NotYours(
            _("This is for the %(role)s of this area.") % {"role": item.get_role_display()}
        )
    if item.owner_id != user.pk and _holder_still_there(item):
        raise TakenBySomebody(_("%(name)s has taken this work.") % {"name": item.owner})
    if item.flow_task.four_eyes and user.pk in workers(item.process):
        raise NotYours(_("You worked on this case yourself, so somebody else has to decide it."))
    return post


def _holder_still_there(item: WorkItem) -> bool:
    """Whether whoever took the work may still do it; work of people who left is free again."""
    owner = item.owner
    return owner is not None and people.post_for(owner, item.role, item.area_id) is not None


def may_act(user: User, item: WorkItem) -> bool:
    """Whether `user` could do `item` now."""
    try:
        post_to_act(user, item)
    except (AlreadyDone, NotYours, TakenBySomebody):
        return False
    return True


Row = tuple[int, str, bool]


def workers(case: Case, done: list[Row] | None = None) -> set[int]:
    """Four eyes: the ids of those who opened the case or did a step that was not a decision.

    Nobody approves their own submission (handbook 4.1, separation of duties).
    """
    rows = history(case) if done is None else done
    return {owner for owner, _role, decided in rows if not decided} | {case.opened_by_id}


def history(case: Case) -> list[Row]:
    """Who did the finished steps of `case`, latest first: person's id, role, whether a decision."""
    done = case.task_set.filter(status=STATUS.DONE, owner__isnull=False).order_by("-pk")
    rows = done.values_list("owner", "role", "decision")
    return [(owner, role, decision is not None) for owner, role, decision in rows]


def _done(item: WorkItem) -> AlreadyDone:
    if item.status == STATUS.CANCELED or item.closed_at is None:
        text = _("This step is no longer open: the case was ended or sent another way.")
        return AlreadyDone(text)
    what = {"name": item.owner, "when": format_datetime(item.closed_at)}
    return AlreadyDone(_("%(name)s finished this step on %(when)s.") % what, by=item.owner_id)
