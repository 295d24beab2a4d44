"""Pages that belong to no case: the front door, the language, and what to show when refused."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from workflows.views.access import keep_entries


def home(request: HttpRequest) -> HttpResponse:
    """The front door: everybody's day begins at the work list."""
    return redirect("work")


class Login(LoginView):
    """Sign in; the pages then speak the person's own language."""

    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Speak the language of the account in this browser: several people may share it."""
        return speak(super().form_valid(form), form.get_user().language)


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Change the language here, and for the account, so that messages come in it too."""
    code = request.POST.get("language", "")
    user = request.user
    if user.is_authenticated and check_for_language(code) and code in dict(settings.LANGUAGES):
        user.language = code
        user.save(update_fields=["language"])
    return django_set_language(request)


def message(
    request: HttpRequest, title: str, text: str, actions: list[dict[str, Any]], status: int
) -> HttpResponse:
    """A plain page with one message and ways on; `actions` are {label, url}."""
    page = {"title": title, "message": text, "actions": actions}
    return render(request, "project/message.html", page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read: broken, or more than a form of ours ever sends."""
    actions = [{"label": _("Go back to the page"), "url": request.path}]
    if isinstance(exception, RequestDataTooBig):
        most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        text = _("The text of a form may have %(most)s at most. Shorten it and send it again.")
        return message(request, _("This is too much at once"), text % {"most": most}, actions, 413)
    text = _("It did not arrive as it was sent. Open the page again and send it once more.")
    return message(request, _("This could not be read"), text, actions, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page that the visitor may not open."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or none that the visitor may know of."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shown when the form's token is not the browser's: open in another tab, cookies off.

    What was typed stands there again when the same person goes back to the page.
    """
    keep_entries(request)
    text = _("The page was open too long or in another window. Go back, reload it and send again.")
    actions = [{"label": _("Go back to the page"), "url": request.get_full_path()}]
    return message(request, _("This form could not be checked"), text, actions, 403)


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """`response`, after which this browser is answered in `language`."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.SESSION_COOKIE_AGE * 700,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response
