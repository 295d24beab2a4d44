"""Pages of a person's own account (DESIGN 5)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cases import people, staffing
from notifications import links
from project.accounts.forms import ForgottenForm, OwnDetailsForm, password_form, password_rules
from project.views import message, speak
from workflows.views.access import WorkerRequest, worker_page

LINK = "link_to_set_password"

form_page = require_http_methods(["GET", "HEAD", "POST"])


@worker_page
@form_page
def me(request: WorkerRequest) -> HttpResponse:
    """Who the visitor is here: name, phone, language to change, and their posts."""
    user = request.user
    fields = {name: getattr(user, name) for name in ("name", "phone", "language")}
    form = OwnDetailsForm(_typed(request), initial=fields)
    if form.is_valid():
        changed = staffing.change_person(user, by=user, **form.cleaned_data)
        with override(changed.language):
            messages.success(request, _("Your details are kept."))
        return speak(redirect("me"), changed.language)
    page = {"form": form, "posts": people.posts_of(user)}
    return render(request, "accounts/me.html", page, status=_status(form))


@sensitive_post_parameters()
@worker_page
@form_page
def password(request: WorkerRequest) -> HttpResponse:
    """Change one's password, knowing the present one; other devices are signed out."""
    form = password_form(PasswordChangeForm, request.user, _typed(request))
    if form.is_valid():
        with transaction.atomic():
            form.save()
            staffing.note_password(request.user)
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. Other devices are signed out."))
        return redirect("me")
    page = {"form": form, "rules": password_rules()}
    return render(request, "accounts/password.html", page, status=_status(form))


@form_page
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to set a new password; the answer is the same whoever asks for whomever."""
    form = ForgottenForm(_typed(request))
    if form.is_valid():
        staffing.send_reset(form.cleaned_data["account"])
        messages.info(
            request,
            _(
                "If there is such an account, a message with a link is on its way to its e-mail "
                "address. Nothing came? Ask the administrator of your office."
            ),
        )
        return redirect("login")
    return render(request, "accounts/forgotten.html", {"form": form}, status=_status(form))


@sensitive_post_parameters()
@form_page
def set_password(request: HttpRequest) -> HttpResponse:
    """Set a password with a personal link, then sign in with it.

    The link's secret moves from the address into the session, so that no history, no printed
    page and no address sent on by mistake holds it.
    """
    if "link" in request.GET:
        return _taken_from_address(request)
    user = links.receiver(request.session.get(LINK, ""))
    if user is None:
        return _no_such_link(request)
    form = password_form(SetPasswordForm, user, _typed(request))
    if form.is_valid():
        with transaction.atomic():
            form.save()
            staffing.note_password(user)
        logout(request)  # whoever was signed in on this device
        with override(user.language):
            words = _("Your password is set. Sign in as %(username)s.")
            messages.success(request, words % {"username": user.get_username()})
        return redirect("login")
    page = {"form": form, "person": user, "rules": password_rules()}
    return render(request, "accounts/set_password.html", page, status=_status(form))


def _taken_from_address(request: HttpRequest) -> HttpResponse:
    secret = request.GET["link"]
    user = links.receiver(secret)
    if user is None:
        return _no_such_link(request)
    request.session[LINK] = secret
    return speak(redirect("set-password"), user.language)


def _no_such_link(request: HttpRequest) -> HttpResponse:
    text = _(
        "It was used before, is older than %(days)s days, or was not copied whole. Ask for a new "
        "one below, or ask the administrator of your office to invite you again."
    )
    actions = [
        {"label": _("Ask for a new link"), "url": reverse("forgotten")},
        {"label": _("Sign in"), "url": reverse("login")},
    ]
    return message(
        request, _("This link no longer works"), text % {"days": links.DAYS}, actions, 410
    )


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200
