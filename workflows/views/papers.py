"""Making a paper of a case."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from workflows import papers
from workflows.views.access import WorkerRequest, visible_case, worker_page


@worker_page
def make(request: WorkerRequest, number: str, code: str) -> HttpResponse:
    """Make the paper `code`; the case's page then shows it.

    Whoever comes here by GET, from signing in after the session had lapsed, sees the case.
    """
    case = visible_case(request, number)
    if papers.paper_of(case, code) is None:
        raise Http404
    if request.method == "POST":
        made = papers.make(case, code, by=request.user)
        messages.success(request, _("Made: %(name)s") % {"name": made.name})
    return redirect("case", number)
