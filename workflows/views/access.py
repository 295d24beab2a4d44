"""Finding cases and items that the visitor may see, and what happens when an action is refused."""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from cases.models import Case, User, WorkItem
from cases.text import clean
from workflows.errors import AlreadyDone, Refused, StillOpen
from workflows.steps import Step


class WorkerRequest(HttpRequest):
    """A request of somebody who has signed in, as `worker_page` passes it on."""

    user: User


View = Callable[..., HttpResponse]
KEPT = "kept_entries"
KEPT_LENGTH = 200_000  # characters: what a session keeps at most

# What a form sends beside texts: our own fields, buttons, ticks, and the values of choices.
_NOT_WRITTEN = re.compile(
    r"csrfmiddlewaretoken|mark|submit|save|upload|check|edit|correction-version|return_to|"
    r"(tick|mended)-.+|.+-(asked|meant)"
)
_CHOSEN = re.compile(r"[A-Z_]+|True|False")


def visible_case(request: WorkerRequest, number: str) -> Any:
    """The case with `number`, as its procedure's model; 404 for one the visitor may not see."""
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    return whole(case)


def whole(case: Case) -> Any:
    """The case as its procedure's model, with what its pages show."""
    cases = case.flow_class.process_class.objects.select_related(
        "area__parent__parent__parent", "party", "opened_by"
    )
    return cases.get(pk=case.pk)


def visible_item(request: WorkerRequest, number: str, pk: int) -> WorkItem:
    """The work item `pk` of the case with `number`; 404 for one the visitor may not see.

    Its case is the common part; a page that shows more reads the `whole`.
    """
    visible = Case.objects.visible_to(request.user).filter(number=number)
    items = WorkItem.objects.select_related(
        "process", "owner", "returned_by__decided_by", "returned_by__post", "deadline"
    )
    item = get_object_or_404(items.exclude(role=""), pk=pk, process__in=visible)
    if not isinstance(item.flow_task, Step):
        raise Http404
    return item


def worker_page(view: View) -> View:
    """For signed-in people; a refused action becomes a clear page.

    What was typed when the session lapsed is kept until the same person has signed in again.
    """
    guarded = login_required(_refusals_told(view))

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if "HX-Request" in request.headers:
                return _whole_page_to_sign_in(request)
            if request.method == "POST":
                keep_entries(request)
        return guarded(request, *args, **kwargs)

    return page


def _whole_page_to_sign_in(request: Any) -> HttpResponse:
    """For a part of a page asked for without a session: the browser leaves the page, and comes
    back to it after signing in, where it offers what had been typed (sajja.js).
    """
    try:
        here = request.htmx.current_url_abs_path or request.path
    except ValueError:  # a header that is no address
        here = request.path
    return HttpResponseClientRedirect(redirect_to_login(here).url)


def _refusals_told(view: View) -> View:
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AlreadyDone as refusal:
            if refusal.by != request.user.pk:
                return refused(request, refusal, kwargs.get("number"))
            # A second click, the back button, a second tab: it stands as the person wanted it.
            messages.info(request, refusal.text)
            return redirect("case", kwargs["number"])
        except Refused as refusal:
            return refused(request, refusal, kwargs.get("number"))

    return page


def refused(request: HttpRequest, refusal: Refused, number: str | None = None) -> HttpResponse:
    """The page that says what was not done and why, with ways on and what had been written."""
    actions = [{"label": _("Back to my work"), "url": reverse("work")}]
    if number:
        actions.insert(0, {"label": _("Look at the case"), "url": reverse("case", args=[number])})
    if number and isinstance(refusal, StillOpen):
        url = reverse("step", args=[number, refusal.pk])
        actions.insert(0, {"label": _("Go to the open step"), "url": url})
    page = {
        "title": refusal.title,
        "message": refusal.text,
        "actions": actions,
        "written": _written(request),
    }
    return render(request, "project/message.html", page, status=refusal.status)


def _written(request: HttpRequest) -> list[str]:
    """The texts that somebody had written into a form which is refused, to copy them."""
    names = [name for name in request.POST if not _NOT_WRITTEN.fullmatch(name)]
    texts = [clean(text) for name in names for text in request.POST.getlist(name)]
    return [text for text in texts if text and not _CHOSEN.fullmatch(text)]


def mark_of(request: WorkerRequest) -> str:
    """A signed mark of who fills in a form, so that kept entries return to nobody else."""
    return signing.dumps(request.user.pk, salt=KEPT)


def keep_entries(request: HttpRequest) -> None:
    """Put what was typed into the new session before the visitor is sent to sign in.

    One form at a time, and only one that we gave out: strangers cannot fill our sessions.
    """
    owner = _marked(request.POST.get("mark", ""))
    ours = ("csrfmiddlewaretoken", "mark")
    entries = {name: request.POST.getlist(name) for name in request.POST if name not in ours}
    if owner is not None and len(json.dumps(entries)) <= KEPT_LENGTH:
        request.session[KEPT] = {"path": request.path, "entries": entries, "owner": owner}


def kept_entries(request: WorkerRequest) -> dict[str, list[str]] | None:
    """What the same person had typed here when the session lapsed; given back once."""
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return kept["entries"] if kept["owner"] == request.user.pk else None


def as_data(entries: dict[str, list[str]]) -> QueryDict:
    """Kept entries as a form takes them."""
    data = QueryDict(mutable=True)
    for name, values in entries.items():
        data.setlist(name, values)
    return data


def _marked(mark: str) -> int | None:
    """The id of the person whom `mark` names; None for a mark that is not ours."""
    try:
        owner: int = signing.loads(mark, salt=KEPT)
    except signing.BadSignature:
        return None
    return owner
