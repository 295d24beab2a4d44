"""Whose a work item is: taken, given back, or freed from a person who left the post.

As in `workflows/actions.py` every function is one transaction under the case's lock, writes
one event or changes nothing, and raises `workflows.errors.Refused` with the reason in words.
"""

from viewflow.workflow.status import STATUS

from cases import audit, people
from cases.audit import EventKind
from cases.models import User, WorkItem
from workflows import assignment
from workflows.lock import locked_item
from workflows.rights import post_to_act


def claim(pk: int, *, by: User) -> WorkItem:
    """Take an unclaimed work item; claiming one's own again changes nothing."""
    with locked_item(pk) as item:
        post = post_to_act(by, item)
        if item.owner_id != by.pk:
            item.owner, item.status = by, STATUS.ASSIGNED
            item.save(update_fields=["owner", "status"])
            audit.record(item.process, EventKind.STEP_CLAIMED, by=by, post=post, step=item.step)
        return item


def release(pk: int, *, by: User) -> WorkItem:
    """Give one's work item back to all who hold the post. What was typed stays with it."""
    with locked_item(pk) as item:
        post = post_to_act(by, item)
        if item.owner_id is not None:
            item.owner, item.status = None, STATUS.NEW
            item.save(update_fields=["owner", "status"])
            audit.record(item.process, EventKind.STEP_RELEASED, by=by, post=post, step=item.step)
        return item


def free(pk: int) -> bool:
    """Take work from a person who no longer holds the post for it; whether there was any.

    It goes to whoever did the step before or holds the post alone, else it is unclaimed; they
    are told. What was typed stays with it.
    """
    with locked_item(pk) as item:
        left = item.owner
        if not item.is_open or left is None or people.post_for(left, item.role, item.area_id):
            return False
        item.owner, item.status = None, STATUS.NEW
        candidates = assignment.choose(item)
        if item.owner_id:
            item.status = STATUS.ASSIGNED
        item.save(update_fields=["owner", "status"])
        codes = {"left": left.pk, "now": item.owner_id}
        event = audit.record(item.process, EventKind.STEP_RELEASED, step=item.step, codes=codes)
        assignment.tell(item, candidates, None, why=f"freed-{event.number}")
        return True
