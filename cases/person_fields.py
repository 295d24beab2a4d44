"""Form fields for what is asked of a person: phone and date of birth (handbook 7.2)."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases import clock, eras
from cases.ages import OLDEST
from cases.fields import EraDateField
from cases.text import fold_digits, normalise, quoted

_BETWEEN = re.compile(r"[\s()./\-\u2010-\u2015]+")
_COUNTRY = re.compile(r"^(?:\+|00)(?:66|856)")
_PHONE = re.compile(r"0\d{8,9}")
_YEAR = re.compile(r"\d{4}")


class PhoneField(forms.CharField):
    """A phone number of 9 to 10 digits that begins with 0; kept as digits (handbook 7.2).

    A country's code in front stands for the 0: +66 81 234 5678 is 0812345678.
    """

    def __init__(self, *, max_length: int = 40, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(max_length=max_length, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = normalise(super().to_python(value) or "")
        digits = _COUNTRY.sub("0", _BETWEEN.sub("", fold_digits(typed)))
        if typed and not _PHONE.fullmatch(digits):
            message = _("“%(typed)s” is not a phone number: write 9 or 10 digits, the first a 0.")
            raise ValidationError(message % {"typed": quoted(typed)}, code="invalid")
        return digits


class BirthDateField(EraDateField):
    """A date of birth in either era; a year alone is its first of January, as on Thai papers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(past_only=True, **kwargs)

    def to_python(self, value: Any) -> date | None:
        typed = fold_digits(normalise(value)) if isinstance(value, str) else ""
        if not _YEAR.fullmatch(typed):
            return super().to_python(value)
        try:
            return date(eras.parse_year(typed), 1, 1)
        except eras.DateInputError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value.year < clock.today().year - OLDEST:
            message = _("Nobody living was born in %(year)s. Check the year.")
            raise ValidationError(message % {"year": eras.format_year(value.year)}, code="too_old")
