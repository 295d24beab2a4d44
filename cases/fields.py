"""Form fields for what people type in their own way (handbook 3.4, 3.5, 7.2).

Whatever is typed, a field either understands it or raises ValidationError with a message that
says what was understood and how to write it; the input shows the typed text again.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext as _

from cases import clock, dates, eras, numbers, text
from cases.widgets import EraDateInput, EraYearInput, NumberInput

# The largest number that an integer column of PostgreSQL holds.
LARGEST = 2_147_483_647


def _unclear(typed: Any) -> ValidationError:
    message = _("“%(typed)s” is not clear. Choose below what you mean.")
    return ValidationError(message % {"typed": text.quoted(str(typed))}, code="ambiguous")


class EraDateField(forms.Field):
    """A date typed in either era and any of the three languages; cleaned to a `date`.

    An ambiguous entry is asked back, see `cases.widgets.AskingInput`. With `past_only` a day
    after today is refused: events are not in the future (handbook 7.2).
    """

    widget: Any = EraDateInput

    def __init__(self, *, past_only: bool = False, **kwargs: Any) -> None:
        self.past_only = past_only
        super().__init__(**{"widget": EraDateInput(past_only=past_only), **kwargs})

    def to_python(self, value: Any) -> date | None:
        if value in EMPTY_VALUES or isinstance(value, date):
            return value or None
        if not str(value).strip():
            return None
        try:
            day = dates.parse(str(value))
        except dates.DateInputError as error:
            raise ValidationError(str(error), code="invalid") from error
        except dates.AmbiguousDate as question:
            if self.past_only:
                self._refuse_future(min(question.candidates))
            raise _unclear(value) from question
        return day

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.past_only:
            self._refuse_future(value)

    def _refuse_future(self, day: date) -> None:
        if day > clock.today():
            message = _("%(day)s is in the future. Write a day up to today.")
            raise ValidationError(message % {"day": dates.format_date(day)}, code="future")

    def prepare_value(self, value: Any) -> Any:
        return dates.format_date(value, style="numeric") if isinstance(value, date) else value


class EraYearField(forms.Field):
    """A year typed in either era; cleaned to a year of the Common Era, shown BE in Thai.

    An initial value is an `int` of the Common Era; text is taken as typed.
    """

    widget: Any = EraYearInput

    def to_python(self, value: Any) -> int | None:
        if value in EMPTY_VALUES or isinstance(value, int):
            return value or None
        if not str(value).strip():
            return None
        try:
            return eras.parse_year(str(value))
        except eras.DateInputError as error:
            raise ValidationError(str(error), code="invalid") from error
        except eras.AmbiguousYear as question:
            raise _unclear(value) from question

    def prepare_value(self, value: Any) -> Any:
        return eras.format_year(value) if isinstance(value, int) else value


class WholeNumberField(forms.IntegerField):
    """A whole number, from 0 unless said otherwise; thousands may stand apart."""

    widget = NumberInput

    def __init__(self, *, min_value: int = 0, max_value: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in EMPTY_VALUES or isinstance(value, int) or not str(value).strip():
            return value if isinstance(value, int) else None
        try:
            return numbers.parse_whole(str(value))
        except numbers.NumberInputError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return numbers.format_number(value) if isinstance(value, int) else value


class MoneyField(forms.DecimalField):
    """An amount with two decimals, not negative, in the writing of either country."""

    widget = NumberInput(decimals=True)

    def __init__(self, *, max_digits: int = 14, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, **kwargs}, max_digits=max_digits, decimal_places=2)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in EMPTY_VALUES or isinstance(value, Decimal) or not str(value).strip():
            return value if isinstance(value, Decimal) else None
        try:
            return numbers.parse_number(str(value))
        except numbers.NumberInputError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return numbers.format_number(value) if isinstance(value, Decimal) else value


class NameField(forms.CharField):
    """A name of a person, group or place in one spelling; no emoji (handbook 7.2)."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        name = text.normalise(super().to_python(value) or "")
        if text.has_emoji(name):
            raise ValidationError(_("A name is written without emoji."), code="emoji")
        if odd := text.unreadable(name):
            raise ValidationError(
                _("The name holds a character that cannot be shown (U+%(code)04X). Type it again.")
                % {"code": ord(odd)},
                code="unreadable",
            )
        if name and not any(c.isalnum() for c in name):
            raise ValidationError(_("A name holds at least one letter."), code="no_letter")
        return name


class LongTextField(forms.CharField):
    """Free text over several lines; emoji are welcome, invisible characters are dropped."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, max_length: int = 5000, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return text.clean(super().to_python(value) or "")
