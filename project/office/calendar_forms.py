"""Forms of the calendar: a holiday's names and day, and the reason of every change."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import dates
from cases import fields as typed
from cases.models import Holiday
from cases.office_calendar import NAMES


class ReasonForm(forms.Form):
    """Why something is changed; kept with the change."""

    reason = typed.NameField(label=gettext_lazy("Reason"), max_length=200)


class NamesForm(ReasonForm):
    """A holiday's name in up to three languages."""

    name_th = typed.NameField(label=gettext_lazy("Name in Thai"), required=False)
    name_lo = typed.NameField(label=gettext_lazy("Name in Lao"), required=False)
    name_en = typed.NameField(label=gettext_lazy("Name in English"), required=False)

    field_order = [*NAMES, "reason"]

    def clean(self) -> dict[str, Any]:
        """One language at least; pages in the others then show that name."""
        entered: dict[str, Any] = super().clean() or {}
        if not any(entered.get(name) for name in NAMES) and not self.errors:
            self.add_error("name_th", _("Give the holiday a name in one language at least."))
        return entered

    def names(self) -> dict[str, str]:
        """The names as entered; call when the form is valid."""
        return {name: self.cleaned_data[name] for name in NAMES}


class HolidayForm(NamesForm):
    """A new holiday of a country."""

    day = typed.EraDateField(label=gettext_lazy("Day"))

    field_order = ["day", *NAMES, "reason"]

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        self.country = country
        super().__init__(*args, **kwargs)

    def clean_day(self) -> Any:
        """A day is a holiday once."""
        day = self.cleaned_data["day"]
        present = Holiday.objects.filter(country=self.country, day=day, removed=False)
        if present.exists():
            told = {"day": dates.format_date(day)}
            raise ValidationError(_("%(day)s is a holiday already.") % told, code="present")
        return day
