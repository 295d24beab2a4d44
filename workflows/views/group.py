"""A group's page: its entry in the register, its months, what runs about it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cases.models import Party
from workflows.pages import group as page
from workflows.views.access import WorkerRequest, worker_page


@worker_page
@require_safe
def group(request: WorkerRequest, pk: int) -> HttpResponse:
    """The page of the group with the key `pk`; 404 outside the visitor's territory."""
    found = get_object_or_404(Party.objects.select_related("area__parent__parent__parent"), pk=pk)
    if not page.may_see(request.user, found):
        raise Http404
    return render(request, "cases/group_detail.html", page.context(request.user, found))
