"""Who may do a work item: the one home of the rule (DESIGN 3, 5; handbook 4.1)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from viewflow.workflow.status import PROCESS, STATUS

from cases import people
from cases.dates import format_datetime
from cases.models import Case, Post, User, WorkItem
from cases.models.event import EventKind
from workflows.errors import AlreadyDone, NotYours, Refused, TakenBySomebody

# Putting a hand to a step; claiming one and giving it back is none.
WORK = (
    EventKind.STEP_SAVED,
    EventKind.STEP_DONE,
    EventKind.STEP_CORRECTED,
    EventKind.DOCUMENT_ADDED,
    EventKind.DOCUMENT_REMOVED,
    EventKind.DECIDED,
)


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
    if item.owner_id not in (None, user.pk) and not _stands_in(post, item):
        raise TakenBySomebody(_("%(name)s has taken this work.") % {"name": item.owner})
    if item.flow_task.four_eyes and user.pk in workers(item.process, deeds(item.process)):
        raise NotYours(_("You worked on this case yourself, so somebody else has to decide it."))
    return post


def _stands_in(post: Post, item: WorkItem) -> bool:
    """Whether `post` is held for the very person who has the work (handbook 4.1, acting)."""
    substituted = post.acting_for
    return substituted is not None and substituted.user_id == item.owner_id


def may_act(user: User, item: WorkItem) -> bool:
    """Whether `user` could do `item` now."""
    try:
        post_to_act(user, item)
    except (AlreadyDone, NotYours, TakenBySomebody):
        return False
    return True


def post_to_correct(user: User, item: WorkItem) -> Post:
    """The post in which `user` may correct the finished `item`: its role's, held today.

    Whoever did it need not be the one who corrects it. A cancelled case stays as it was left.
    Raises Refused or NotYours with the reason in words.
    """
    if item.process.status == PROCESS.CANCELED:
        raise Refused(_("This case was ended before its time: nothing is corrected any more."))
    post = people.post_for(user, item.role, item.area_id)
    if post is None:
        raise NotYours(
            _("This is for the %(role)s of this area.") % {"role": item.get_role_display()}
        )
    return post


@dataclass(frozen=True)
class Deed:
    """Something that the person with the id `by` did on a step, as the audit trail tells it."""

    by: int
    step: str


def deeds(case: Case) -> list[Deed]:
    """What people did on the steps of `case`, latest first; read once per case object."""
    kept: list[Deed] | None = case.__dict__.get("_deeds")
    if kept is None:
        rows = case.events.filter(by__isnull=False, kind__in=WORK).order_by("-number")
        kept = [Deed(by, step) for by, step in rows.values_list("by", "step")]
        case.__dict__["_deeds"] = kept
    return kept


def workers(case: Case, done: list[Deed]) -> set[int | None]:
    """Four eyes: the ids of those who opened the case or put a hand to what is decided on.

    Nobody approves their own submission (handbook 4.1, separation of duties): ticking and
    attaching evidence is work on it as much as finishing a step.
    """
    flow = case.flow_class.instance
    return {deed.by for deed in done if not flow.node(deed.step).four_eyes} | {case.opened_by_id}


def _done(item: WorkItem) -> AlreadyDone:
    if item.status == STATUS.CANCELED or item.closed_at is None:
        text = _("This step is no longer open: the case was ended or sent another way.")
        return AlreadyDone(text)
    what = {"name": item.owner, "when": format_datetime(item.closed_at)}
    return AlreadyDone(_("%(name)s finished this step on %(when)s.") % what, by=item.owner_id)
