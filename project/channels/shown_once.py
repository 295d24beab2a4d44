"""A secret that its owner sees on one page, once: it waits in the session until then."""

from django.http import HttpRequest

_KEPT = "shown_once"


def keep(request: HttpRequest, secret: str, *, path: str = "") -> None:
    """Let the next page at `path`, else at this address, show `secret`."""
    request.session[_KEPT] = {"path": path or request.path, "secret": secret}


def taken(request: HttpRequest) -> str:
    """The secret that waits for this page, which is then kept nowhere; "" where none does."""
    kept = request.session.get(_KEPT)
    if not kept or kept["path"] != request.path:
        return ""
    del request.session[_KEPT]
    return str(kept["secret"])
