"""One case's page, and ending a case before its time."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import contents, people
from workflows import actions
from workflows.forms import EndForm
from workflows.pages import case as page
from workflows.pages.step import case_head
from workflows.views.access import (
    WorkerRequest,
    kept_entries,
    mark_of,
    visible_case,
    worker_page,
)


@worker_page
@require_safe
def case(request: WorkerRequest, number: str) -> HttpResponse:
    """Where a case stands, what to do next, and all that happened."""
    found = visible_case(request, number)
    return render(request, "cases/case_detail.html", page.context(request.user, found))


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: WorkerRequest, number: str, how: str) -> HttpResponse:
    """End a case before its time, with a reason."""
    found = visible_case(request, number)
    ending = found.flow_class.endings.get(how)
    if ending is None or not people.post_for(request.user, ending.by, found.area_id):
        raise Http404
    sent = request.method == "POST"
    if not found.closed_at and not ending.moves._django_fsm.has_transition(found.state):
        raise Http404
    if found.closed_at and not sent:
        return redirect("case", number)
    typed = None if sent else kept_entries(request)
    initial = {name: values[-1] for name, values in (typed or {}).items()}
    form = EndForm(request.POST if sent else None, initial=initial)
    if sent and form.is_valid():
        actions.end(found, how=how, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The case has ended."))
        return redirect("case", number)
    label = contents.pick(contents.body_of(found)["endings"][how])
    context = {"case": case_head(found), "form": form, "title": label, "mark": mark_of(request)}
    return render(request, "cases/case_end.html", context, status=422 if form.errors else 200)
