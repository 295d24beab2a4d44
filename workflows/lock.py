"""The lock under which every change of a case happens (DESIGN 3).

viewflow's own lock holds only the procedure's row and sleeps between tries; this one holds the
case's row as well and waits as long as the other holds it. Lock order everywhere: case, work
item, deadline, message. The sweep takes no case lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from cases.models import Case, WorkItem


class CaseLock:
    """`lock_impl` of every procedure: one transaction under the case's row lock."""

    @contextmanager
    def __call__(self, flow_class: type, process_pk: int) -> Iterator[None]:
        with transaction.atomic():
            # order_by() because the lock needs no order; len() to run it
            len(Case.objects.select_for_update(no_key=True).filter(pk=process_pk).only("state"))
            yield


@contextmanager
def locked_item(pk: int) -> Iterator[WorkItem]:
    """The work item `pk` with its case, both fresh and safe to change until the block ends.

    The case's id is taken from the item, never from an address that somebody typed.
    Raises WorkItem.DoesNotExist.
    """
    with transaction.atomic():
        found = WorkItem.objects.only("process_id", "flow_task").get(pk=pk)
        case = _lock(found.flow_task.flow_class.process_class, found.process_id)
        item = WorkItem.objects.select_related("owner", "returned_by").get(pk=pk)
        item.process = case
        yield item


@contextmanager
def locked_case(case: Case) -> Iterator[Any]:
    """The case as its procedure's own model, fresh and safe to change until the block ends."""
    with transaction.atomic():
        yield _lock(case.flow_class.process_class, case.pk)


def _lock(model: Any, pk: int) -> Any:
    """Both rows of the case, the common and the procedure's own, in one statement."""
    locked = model.objects.select_for_update(no_key=True, of=("self", "case_ptr"))
    return locked.select_related("area__parent__parent__parent", "party").get(pk=pk)
