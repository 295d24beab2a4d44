"""The filters of the page of escalations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import fields as typed
from cases.escalation_words import REASONS, TOO_LATE_TO_TELL, Status

TOLD = "TOLD"
"""Told at all, delivered or not."""

_OUTCOMES = [
    ("", _("All")),
    (TOLD, _("told")),
    *((status.value, status.label) for status in Status if status != Status.PLANNED),
]


class SearchForm(forms.Form):
    """What is looked for; every field may stay empty."""

    number = typed.NameField(label=_("Case number"), max_length=30, required=False)
    person = typed.NameField(label=_("Person"), max_length=100, required=False)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=_OUTCOMES, required=False)
    reason = forms.ChoiceField(
        label=_("Why skipped"),
        choices=[("", _("All")), *((c, w) for c, w in REASONS.items() if c != TOO_LATE_TO_TELL)],
        required=False,
    )
    since = typed.EraDateField(label=_("From"), required=False)
    until = typed.EraDateField(label=_("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for field in fields.values():
            field.asked = True  # nobody need be told that a filter is optional
