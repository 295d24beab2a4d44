"""LINE: the page on which a person links their account, and what LINE tells us (webhook)."""

import json
import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from notifications import line_accounts
from notifications.channels import line as channel
from project.channels import shown_once
from workflows.views.access import WorkerRequest, worker_page

log = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024  # of one webhook; LINE sends a few events at a time


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
def line_page(request: WorkerRequest) -> HttpResponse:
    """Get a code to link one's LINE account, or unlink it."""
    if "ask" in request.POST and settings.LINE_CHANNEL_TOKEN:
        shown_once.keep(request, line_accounts.ask(request.user))
        return redirect("my-line")
    if "unlink" in request.POST:
        line_accounts.unlink(request.user)
        messages.success(request, _("Nothing is sent to your LINE account any more."))
        return redirect("my-line")
    page = {
        "ready": bool(settings.LINE_CHANNEL_TOKEN),
        "office_account": settings.LINE_ACCOUNT_ID,
        "linked": line_accounts.of(request.user),
        "code": shown_once.taken(request),
        "minutes": line_accounts.MINUTES,
    }
    return render(request, "accounts/line.html", page)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """What LINE tells us, signed by it: somebody wrote to the office's account, or blocked it."""
    if not settings.LINE_CHANNEL_SECRET:
        raise Http404
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        events = _events(request.body.decode(), request.headers.get("X-Line-Signature", ""))
    except ValueError:
        return HttpResponse(status=400)
    for event in events:
        _take(event)
    return HttpResponse()


def _events(body: str, signature: str) -> list[Any]:
    """The events of a webhook, as the SDK reads them.

    Raises ValueError where it is not signed with our secret or is no webhook of LINE's.
    """
    from linebot.v3 import WebhookParser
    from linebot.v3.exceptions import InvalidSignatureError

    try:
        found: list[Any] = WebhookParser(settings.LINE_CHANNEL_SECRET).parse(body, signature)
    except (InvalidSignatureError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError("no webhook of LINE's") from error
    return found


def _take(event: Any) -> None:
    """Answer a text, forget who blocked us; what happens in groups is not our concern."""
    source = getattr(event, "source", None)
    line_id = getattr(source, "user_id", None)
    if source is None or source.type != "user" or line_id is None:
        return
    if event.type == "unfollow":
        line_accounts.forget(line_id)
    elif event.type == "message" and event.message.type == "text":
        _say(event.reply_token, _answer(event.message.text, line_id))


def _answer(text: str, line_id: str) -> str:
    """What we say to somebody who wrote `text`, in their language where we know them."""
    if line_accounts.looks_like_code(text) and (person := line_accounts.link(text, line_id)):
        with override(person.language):
            return _("Linked. Messages for %(name)s come here from now on.") % {"name": person}
    known = line_accounts.person_of(line_id)
    with override(known.language if known else settings.LANGUAGE_CODE):
        if known:
            return _("This account is linked. Answers are not read here; sign in to Sajja to act.")
        return _("Send the code that Sajja shows you under “Your account”, “LINE”.")


def _say(reply_token: str, text: str) -> None:
    """Answer in the chat; what was linked stays linked when the answer does not get through."""
    try:
        channel.reply(reply_token, text)
    except Exception:
        log.warning("an answer by LINE did not get through", exc_info=True)
