"""An area's page: what runs here and what is late."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cases.models import Area
from workflows.pages import area as page
from workflows.views.access import WorkerRequest, worker_page


@worker_page
@require_safe
def area(request: WorkerRequest, code: str) -> HttpResponse:
    """The page of the area with `code`; 404 outside the visitor's territory."""
    if not page.may_see(request.user, code):
        raise Http404
    found = get_object_or_404(Area.objects.select_related("parent__parent__parent"), code=code)
    return render(request, "cases/area_detail.html", page.context(request.user, found))
