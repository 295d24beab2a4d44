"""The operator's page: is everybody told who should be, and what to do where not (DESIGN 4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases import changes
from cases.models import Change
from notifications import dead_letters
from project.operator import board
from project.operator.scope import Scope, operator_page
from workflows.views.access import WorkerRequest


@operator_page
@require_safe
def operator(request: WorkerRequest, scope: Scope) -> HttpResponse:
    """Red, yellow or green, and why."""
    return render(request, "operator/operator.html", board.context(scope))


@operator_page
@require_POST
def send_again(request: WorkerRequest, scope: Scope) -> HttpResponse:
    """Send one dead letter again, or all of the visitor's; a second click changes nothing."""
    letters = dead_letters.given_up().filter(scope.messages())
    asked = request.POST.get("message", "")
    if "all" not in request.POST:
        letters = letters.filter(pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
    count = dead_letters.send_again(letters)
    if count:
        changes.record(
            Change.Kind.MESSAGES_RESENT,
            by=request.user,
            about=f"message:{asked}" if "all" not in request.POST else "messages",
            area=next(iter(filter(None, scope.areas)), None),
            after={"messages": count},
        )
        words = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count)
        messages.success(request, words % {"n": count})
    else:
        messages.info(request, _("Nothing was left to send: somebody has done it already."))
    return redirect("operator")
