"""Pages of the demonstration alone: its mailbox and its clock. Nobody need be signed in."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from project.demo import mailbox, time_travel
from project.demo.forms import AdvanceForm

_STEPS = (1, 3, 10)  # days that a button each offers
_PAGE_LENGTH = 50


@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Every e-mail that was sent, newest first; `?to=` shows those of one receiver, `?about=`
    those in which a word stands, as a case's number does in an e-mail about several.
    """
    everything, to = mailbox.letters(), request.GET.get("to", "")
    about = request.GET.get("about", "")
    chosen = [each for each in everything if to in ("", each.to) and about in each.text]
    listed = Paginator(chosen, _PAGE_LENGTH).get_page(request.GET.get("page"))
    page = {
        "letters": [_row(letter) for letter in listed],
        "receivers": sorted({letter.to for letter in everything}),
        "to": to,
        "page_obj": listed,
        "query": urlencode({"to": to, "about": about}) + "&" if to or about else "",
    }
    return render(request, "demo/mail.html", page)


@require_safe
def letter(request: HttpRequest, id: str) -> HttpResponse:
    """One e-mail."""
    found = mailbox.letter(id)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"letter": found})


@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: HttpRequest) -> HttpResponse:
    """What time it is here; `days` moves it ahead."""
    form = AdvanceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        sent = time_travel.advance(form.cleaned_data["days"])
        messages.success(request, _moved(form.cleaned_data["days"], sent))
        return redirect("demo-clock")
    steps = [{"days": days, "label": _days(days)} for days in _STEPS]
    page = {"form": form, "steps": steps}
    return render(request, "demo/clock.html", page, status=422 if form.errors else 200)


def _row(letter: mailbox.Letter) -> dict[str, object]:
    url = reverse("demo-letter", args=[letter.id])
    return {"subject": letter.subject, "to": letter.to, "at": letter.at, "url": url}


def _days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def _moved(days: int, sent: int) -> str:
    told = ngettext("%(sent)d message was sent.", "%(sent)d messages were sent.", sent)
    moved = _("The clock moved ahead: %(days)s.") % {"days": _days(days)}
    return f"{moved} {told % {'sent': sent}}"
