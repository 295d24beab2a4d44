"""Pages of the bell: what the visitor was told of, newest first."""

import logging

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import clock
from notifications import bell
from notifications.models import Message
from notifications.wording import subject_of
from workflows.views.access import WorkerRequest, worker_page

log = logging.getLogger(__name__)

_PAGE_LENGTH = 50


class SeenForm(forms.Form):
    """The key of the newest matter on the page whose button was pressed."""

    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)


@worker_page
@require_safe
def matters(request: WorkerRequest) -> HttpResponse:
    """Each matter as the subject line of its message, with a link that marks it as seen."""
    listed = Paginator(bell.told(request.user), _PAGE_LENGTH).get_page(request.GET.get("page"))
    page = {
        "rows": [(told, _subject(told)) for told in listed],
        "page_obj": listed,
        "newest": listed[0].pk if listed else 0,
    }
    return render(request, "accounts/bell.html", page)


@worker_page
@require_safe
def follow(request: WorkerRequest, pk: int) -> HttpResponse:
    """Mark one matter as seen and go to what it is about."""
    told = get_object_or_404(bell.told(request.user), pk=pk)
    bell.see(told, at=clock.now())
    return redirect(told.context.get("url") or "bell")


@worker_page
@require_POST
def see_all(request: WorkerRequest) -> HttpResponse:
    """Mark as seen what the visitor's page listed, and everything older."""
    form = SeenForm(request.POST)
    if form.is_valid() and bell.see_until(
        request.user, form.cleaned_data["newest"], at=clock.now()
    ):
        messages.success(request, _("Everything is marked as seen."))
    return redirect("bell")


def _subject(told: Message) -> str:
    """The subject line in the visitor's language; one that cannot be worded hides no other."""
    try:
        return subject_of(told, get_language() or told.receiver.language)
    except Exception:
        log.exception("message %s cannot be worded", told.key)
        return str(told.context.get("case") or _("A message"))
