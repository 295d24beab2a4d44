"""What holds for every answer, whichever view gave it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from project import views

View = Callable[[HttpRequest], HttpResponse]


def never_stored(get_response: View) -> View:
    """Browsers and proxies keep no page, so that the next person at the phone sees none of it.

    A view that says itself how its answer may be kept is left alone.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    return middleware


def refused_method_told(get_response: View) -> View:
    """A page instead of Django's empty answer: for who opens an address that only takes forms."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        text = _("This address only takes what a button sends. Go on from your work list.")
        page = views.message(request, _("There is nothing to see here"), text, [], 405)
        page["Allow"] = response["Allow"]
        return page

    return middleware
