"""What a link in a message can do: its words, what it asks, and the deed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import acknowledging, clock
from cases.models import Deadline, User
from notifications import act_links
from workflows import extensions
from workflows.errors import Refused
from workflows.forms import MoreTimeForm


@dataclass(frozen=True)
class Act:
    """One act; `do` returns what was done, in words.

    It raises Refused where it may not be done, ValidationError for what cannot be entered.
    """

    title: str | Promise
    explained: str | Promise
    button: str | Promise
    form: Callable[[Any], forms.Form]
    do: Callable[[Deadline, User, dict[str, Any]], str]


class NothingToEnter(forms.Form):
    """For an act that asks nothing but the button."""


def _acknowledge(deadline: Deadline, by: User, _entered: dict[str, Any]) -> str:
    try:
        acknowledging.acknowledge(deadline, by, clock.now())
    except acknowledging.NotAcknowledged as refusal:
        raise Refused(refusal.text) from refusal
    return _("Thank you. Nobody is reminded of this again while work goes on.")


def _extend(deadline: Deadline, by: User, entered: dict[str, Any]) -> str:
    extensions.ask(deadline.pk, days=entered["days"], reason=entered["reason"], by=by)
    return _("You have asked for more time. The level above answers; until then the day stays.")


ACTS = {
    act_links.ACKNOWLEDGE: Act(
        title=gettext_lazy("Do you know of this?"),
        explained=gettext_lazy(
            "You say that you know of it and see to it. Then nobody is reminded of it again; the "
            "day on which it is due stays."
        ),
        button=gettext_lazy("Yes, I know of it"),
        form=NothingToEnter,
        do=_acknowledge,
    ),
    act_links.EXTEND: Act(
        title=gettext_lazy("Ask for more time"),
        explained=gettext_lazy(
            "The level above you is asked and answers. Until then the day on which it is due stays."
        ),
        button=gettext_lazy("Ask for more time"),
        form=MoreTimeForm,
        do=_extend,
    ),
}
