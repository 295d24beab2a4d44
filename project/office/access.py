"""Who may open the pages of an office: its administrators (handbook 4.1)."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from cases import people
from workflows.views.access import View, WorkerRequest, worker_page


def office_page(view: View) -> View:
    """For administrators of an area; everybody else finds nothing here."""

    @worker_page
    @wraps(view)
    def page(request: WorkerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not people.administered_areas(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return page
