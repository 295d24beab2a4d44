"""Pages that belong to no case: the front door and what is shown when something goes wrong."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _


def home(request: HttpRequest) -> HttpResponse:
    """The front door: everybody's day begins at the work list."""
    return redirect("work")


def message(
    request: HttpRequest, title: str, text: str, actions: list[dict[str, Any]], status: int
) -> HttpResponse:
    """A plain page with one message and ways on; `actions` are {label, url}."""
    page = {"title": title, "message": text, "actions": actions}
    return render(request, "project/message.html", page, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shown when the form's token is not the browser's: open in another tab, cookies off."""
    text = _("The page was open too long or in another window. Go back, reload it and send again.")
    actions = [{"label": _("Go back to the page"), "url": request.get_full_path()}]
    return message(request, _("This form could not be checked"), text, actions, 403)
