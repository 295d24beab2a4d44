"""Why a deadline is due on its day."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from workflows.pages import deadline as page
from workflows.views.access import WorkerRequest, visible_case, worker_page


@worker_page
@require_safe
def deadline(request: WorkerRequest, number: str, pk: int) -> HttpResponse:
    """The account of one deadline of a case, day by day, for whoever may read the case."""
    case = visible_case(request, number)
    kept = case.deadlines.select_related("work_item__owner", "ladder", "acknowledged_by")
    found = get_object_or_404(kept, pk=pk)
    found.case = case
    if found.work_item is not None:
        found.work_item.process = case
    return render(request, "workflows/deadline.html", page.context(request.user, case, found))
