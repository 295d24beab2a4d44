"""The button "I have seen this" of a deadline."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import acknowledging, clock
from workflows.errors import AlreadyDone, NotYours, Refused
from workflows.views.access import WorkerRequest, visible_case, worker_page


class SeenBySomebody(AlreadyDone):
    """Somebody else was quicker, or it was a second click."""

    title = gettext_lazy("This has already been acknowledged")


class NotToldOfIt(NotYours):
    title = gettext_lazy("This is not yours to acknowledge")


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: WorkerRequest, number: str, pk: int) -> HttpResponse:
    """Note that the visitor has seen what was told of a deadline; back to the case.

    Whoever comes here otherwise, after signing in again, finds the button on the case's page.
    """
    case = visible_case(request, number)
    deadline = get_object_or_404(case.deadlines, pk=pk)
    if request.method != "POST":
        return redirect("case", number)
    try:
        acknowledging.acknowledge(deadline, request.user, clock.now())
    except acknowledging.AlreadyAcknowledged as refusal:
        raise SeenBySomebody(refusal.text, refusal.by) from refusal
    except acknowledging.NotTold as refusal:
        raise NotToldOfIt(refusal.text) from refusal
    except acknowledging.NotAcknowledged as refusal:
        raise Refused(refusal.text) from refusal
    messages.success(request, _("Thank you. Nobody is reminded of this again while work goes on."))
    return redirect("case", number)
