"""Forms of the step page, built from the fields that a step names (DESIGN 3)."""

from functools import cache
from typing import Any, cast

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import fields as typed
from cases.model_fields import PastDateField, YearField
from cases.models import Case, Decision
from cases.text import clean
from workflows.verdicts import Verdict

YES_NO = [("True", gettext_lazy("Yes")), ("False", gettext_lazy("Not yet"))]

# How people write each kind of column; the first that fits.
FORM_FIELDS: tuple[tuple[type[models.Field], type[forms.Field], dict[str, Any]], ...] = (
    (PastDateField, typed.EraDateField, {"past_only": True}),
    (models.DateField, typed.EraDateField, {}),
    (YearField, typed.EraYearField, {}),
    (models.PositiveSmallIntegerField, typed.WholeNumberField, {"max_value": 32767}),
    (models.IntegerField, typed.WholeNumberField, {"max_value": 2147483647}),
    (models.TextField, typed.LongTextField, {}),
)


class StepForm(forms.ModelForm):
    """What a step records. Guards are asked when it is sent, see workflows/blockers.py."""

    def __init__(
        self,
        *args: Any,
        optional: frozenset[str] = frozenset(),
        asked: frozenset[str] = frozenset(),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name, field in fields.items():
            field.required = name not in optional
            field.asked = name in asked  # by a guard, depending on other entries

    def hide_empty_errors(self) -> None:
        """In a draft an empty field is no error yet; what was typed wrongly is."""
        for name, errors in list(self.errors.items()):
            if all(error.code == "required" for error in errors.as_data()):
                del self.errors[name]


@cache
def step_form(model: type[Case], names: tuple[str, ...]) -> type[StepForm]:
    """The form class over the columns `names` of a procedure's model."""
    made: Any = forms.modelform_factory(
        model, form=StepForm, fields=list(names), formfield_callback=form_field
    )
    return cast("type[StepForm]", made)


def form_field(column: models.Field, **kwargs: Any) -> forms.Field | None:
    """How people type what a column of a model holds."""
    common: dict[str, Any] = {"label": column.verbose_name, "help_text": column.help_text}
    if isinstance(column, models.BooleanField):
        return forms.TypedChoiceField(
            choices=column.choices or YES_NO,
            widget=forms.RadioSelect,
            coerce=lambda value: value == "True",
            empty_value=None,
            **common,
        )
    if column.choices:
        return forms.ChoiceField(choices=column.choices, widget=forms.RadioSelect, **common)
    if isinstance(column, models.DecimalField):
        return typed.MoneyField(max_digits=column.max_digits, **common)
    if type(column) is models.CharField:
        return typed.NameField(max_length=column.max_length or 200, **common)
    for kind, form_field, options in FORM_FIELDS:
        if isinstance(column, kind):
            return form_field(**options, **common)
    raise TypeError(f"no form field for {column!r}")


class DecisionForm(forms.Form):
    """Approve, return to a named step with defects, or reject (handbook 8, rules 4 and 5)."""

    DEFECTS = 5  # lines offered
    DEFECT_NAMES = [f"defect-{n}" for n in range(50)]

    outcome = forms.ChoiceField(label=gettext_lazy("Your decision"), widget=forms.RadioSelect)
    reason = typed.LongTextField(label=gettext_lazy("Reason"), required=False)
    return_to = forms.ChoiceField(label=gettext_lazy("Back to which step"), required=False)

    def __init__(
        self, *args: Any, outcomes: list[Any], return_steps: list[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["outcome"].choices = outcomes
        fields["return_to"].choices = [("", _("Choose the step")), *return_steps]

    def clean(self) -> dict[str, Any]:
        """A return needs a step and a reason, a rejection a reason."""
        entered: dict[str, Any] = super().clean() or {}
        outcome = entered.get("outcome")
        if outcome and outcome != Decision.Outcome.APPROVED and not entered.get("reason"):
            self.add_error("reason", _("Say why: whoever mends it has to know."))
        if outcome == Decision.Outcome.APPROVED and self.defects():
            self.add_error("outcome", _("You listed defects: return the case, or empty the list."))
        if outcome == Decision.Outcome.RETURNED and not entered.get("return_to"):
            self.add_error("return_to", _("Choose the step to which the case goes back."))
        return entered

    def verdict(self) -> Verdict:
        """The decision as entered; call when the form is valid."""
        entered = self.cleaned_data
        returned = entered["outcome"] == Decision.Outcome.RETURNED
        return Verdict(
            outcome=entered["outcome"],
            reason=entered["reason"],
            return_to=entered["return_to"],
            defects=tuple(self.defects()) if returned else (),
        )

    def defects(self) -> list[str]:
        """The lines of defects as typed, empty ones left out."""
        lines = (self.data.get(name, "") for name in self.DEFECT_NAMES)
        return [line[:500] for line in map(clean, lines) if line]


class MoreTimeForm(forms.Form):
    """Asking for more time for a deadline."""

    prefix = "more"

    days = typed.WholeNumberField(label=gettext_lazy("How many days more"), min_value=1)
    reason = typed.LongTextField(label=gettext_lazy("Reason"), max_length=300)


class AnswerForm(forms.Form):
    """Granting more time, or refusing it; a refusal needs a reason."""

    prefix = "answer"

    answer = typed.LongTextField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("Needed where you refuse: whoever asked has to know why."),
        max_length=300,
        required=False,
    )


class EndForm(forms.Form):
    """Ending a case before its time needs a reason."""

    reason = typed.LongTextField(label=gettext_lazy("Reason"))


class CorrectionForm(forms.Form):
    """Correcting a finished step needs a reason (handbook 8, rule 10)."""

    prefix = "correction"  # the step's own fields stand in the same form

    reason = typed.LongTextField(
        label=gettext_lazy("Why is it corrected?"),
        help_text=gettext_lazy("Stays with the old and the new entries, for everybody to read."),
    )
