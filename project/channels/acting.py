"""Links in a message by which its receiver acts without signing in: the page and the deed.

Opening the link changes nothing, however often a mail scanner does it; the button on the page
acts. The secret stands for the person, for this one act: nobody is signed in by it.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cases import contents
from cases.models import Case, Deadline
from notifications import act_links
from notifications.models import ActLink
from project.channels.acts import ACTS
from project.office.people_forms import refuse
from project.views import message
from workflows.errors import Refused


# The secret in the address is the proof that is asked for; whoever has it needs no cookie of ours.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask "Do this as …?", and do it once the button is pressed."""
    link = act_links.find(secret)
    if link is None:
        response = _no_such_link(request)
    else:
        with override(_language(request, link)):
            if request.method == "POST":
                response = _act(request, secret)
            else:
                response = _ask(request, link, _matter(link))
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _language(request: HttpRequest, link: ActLink) -> str:
    """That of the person, unless somebody has chosen one in this browser."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return get_language() or "" if chosen else str(link.user.language)


@transaction.atomic
def _act(request: HttpRequest, secret: str) -> HttpResponse:
    """Do it, unless the link was used meanwhile; what is refused leaves the link as it was."""
    link = act_links.find(secret, for_use=True)
    deadline = _matter(link) if link else None
    if link is None or deadline is None:
        return _no_such_link(request, link)
    form = _form(link, request.POST)
    if not form.is_valid():
        return _ask(request, link, deadline, form)
    try:
        with transaction.atomic():
            done = ACTS[link.action].do(deadline, link.user, form.cleaned_data)
    except ValidationError as error:
        refuse(form, error)
        return _ask(request, link, deadline, form)
    except Refused as refusal:
        return message(
            request, str(refusal.title), refusal.text, _ways_on(deadline), refusal.status
        )
    act_links.use(link)
    return message(request, _("Done"), done, _ways_on(deadline), 200)


def _ask(
    request: HttpRequest, link: ActLink, deadline: Deadline | None, form: Any = None
) -> HttpResponse:
    if deadline is None:
        return _no_such_link(request, link)
    case, item = deadline.case, deadline.work_item
    page = {
        "title": ACTS[link.action].title,
        "explained": ACTS[link.action].explained,
        "number": case.number,
        "step": contents.pick(contents.step_texts(case, item.step if item else deadline.name)),
        "person": link.user,
        "form": form or _form(link, None),
        "button": ACTS[link.action].button,
    }
    return render(request, "project/act.html", page, status=422 if form else 200)


def _form(link: ActLink, data: Any) -> forms.Form:
    return ACTS[link.action].form(data)


def _matter(link: ActLink) -> Deadline | None:
    """The deadline that the link is about; None once link or person may not act on it."""
    kind, _colon, pk = link.about.partition(":")
    if kind != "deadline" or link.action not in ACTS or not act_links.works(link):
        return None
    seen = Case.objects.visible_to(link.user)
    found = Deadline.objects.filter(pk=int(pk), case__in=seen)
    return found.select_related("case", "work_item__owner").first()


def _no_such_link(request: HttpRequest, link: ActLink | None = None) -> HttpResponse:
    """Used, old, forged, or somebody who may no longer: the way on is always to sign in."""
    if link is not None and link.used_at:
        title, text = _("This link was used already"), _("What it does is done; it works once.")
    else:
        title = _("This link no longer works")
        text = _("It is older than %(days)s days, was not copied whole, or is not yours any more.")
        text %= {"days": act_links.DAYS}
    way_on = _("Sign in to see how the work stands and to go on.")
    return message(
        request, title, f"{text} {way_on}", [{"label": _("Sign in"), "url": reverse("work")}], 410
    )


def _ways_on(deadline: Deadline) -> list[dict[str, Any]]:
    url = reverse("case", args=[deadline.case.number])
    return [{"label": _("Sign in and look at the case"), "url": url}]
