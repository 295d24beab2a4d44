"""My work: what is mine, what nobody has taken yet, what is due today, what is late."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from workflows.contents import openable_by
from workflows.pages import work as page
from workflows.views.access import WorkerRequest, worker_page

PAGE_LENGTH = 25


@worker_page
@require_safe
def work(request: WorkerRequest) -> HttpResponse:
    """The work list of the signed-in person."""
    tab = request.GET.get("tab", "mine")
    tab = tab if tab in page.TABS else "mine"
    found = Paginator(page.items(request.user, tab), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "counts": page.counts(request.user),
        "items": [page.row(item, request.user) for item in found],
        "page_obj": found,
        "page_query": f"tab={tab}&",
        "new_case_url": reverse("new-case") if openable_by(request.user) else "",
    }
    return render(request, "workflows/work_list.html", context)
