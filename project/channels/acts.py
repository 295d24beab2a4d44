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
from workflows.errors import Refused


@dataclass(frozen=True)
class Act:
    """One act; `do` returns what was done, in words, and raises Refused where it may not be."""

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
}
