"""How the visitor hears of things: a table of kinds and channels."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from notifications import choices
from notifications.models import LineAccount
from workflows.views.access import WorkerRequest, worker_page


@dataclass(frozen=True)
class Tick:
    """One box of the table; `name` and `value` are what the form sends."""

    name: str
    value: str
    label: str
    checked: bool
    locked: bool


@dataclass(frozen=True)
class Row:
    """One kind with a box for each channel; None where the kind does not go by it."""

    kind: choices.Kind
    ticks: list[Tick | None]


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_messages(request: WorkerRequest) -> HttpResponse:
    """Choose the channels of each kind; what cannot be switched off is ticked and locked."""
    linked = LineAccount.objects.filter(user=request.user, line_id__isnull=False).exists()
    if request.method == "POST":
        choices.choose(request.user, _wanted(request, linked))
        messages.success(request, _("Your choice is kept."))
        return redirect("my-messages")
    rows = _rows(request.user, linked)
    page = {
        "tables": [
            (_("One by one"), [row for row in rows if not row.kind.digest]),
            (_("Summaries"), [row for row in rows if row.kind.digest]),
        ],
        "channels": [label for _code, label in _channels()],
        "linked": linked,
    }
    return render(request, "accounts/choices.html", page)


def _wanted(request: WorkerRequest, linked: bool) -> dict[str, list[str]]:
    """What the form sends; a LINE box that is locked sends nothing and stays as it was."""
    kept = {} if linked else choices.chosen_by(request.user)
    return {
        kind.code: [
            *request.POST.getlist(kind.code),
            *(channel for channel in kept.get(kind.code, ()) if channel == choices.LINE),
        ]
        for kind in choices.KINDS
    }


def _rows(user: Any, linked: bool) -> list[Row]:
    chosen = choices.chosen_by(user)
    return [
        Row(
            kind,
            [
                Tick(
                    name=kind.code,
                    value=channel,
                    label=f"{kind.title}: {label}",
                    checked=channel in chosen[kind.code],
                    locked=_locked(kind, channel, linked),
                )
                if channel in kind.offers
                else None
                for channel, label in _channels()
            ],
        )
        for kind in choices.KINDS
    ]


def _locked(kind: choices.Kind, channel: str, linked: bool) -> bool:
    return bool(kind.kept) if channel == choices.EMAIL else not linked


def _channels() -> list[tuple[str, str]]:
    return [(choices.EMAIL, _("E-mail")), (choices.LINE, "LINE")]
