"""Inputs for what people type in their own way; plain markup, no script needed (DESIGN 7).

What was typed is always shown again as it was typed. Where it fits several readings, the input
shows them as radio buttons beside it and the user picks one.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import clock, dates, eras


class AskingInput(forms.TextInput):
    """A text input that asks which of several readings is meant.

    Sends two more values: `<name>-meant`, the reading that was picked, and `<name>-asked`, the
    text that it was picked for. Once the text is typed anew, the pick no longer counts.
    """

    template_name = "cases/widgets/asking.html"
    question: Any = ""

    def readings(self, typed: str) -> list[tuple[str, str]]:
        """What `typed` can mean, as (value, label); empty where it is clear or no sense."""
        raise NotImplementedError

    def written(self, meant: str) -> str:
        """A picked value as it would be typed; "" for a value that is none of ours."""
        raise NotImplementedError

    def example(self) -> str:
        """How an entry may look, in the reader's language; shown as a hint."""
        raise NotImplementedError

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        typed = super().value_from_datadict(data, files, name)
        meant = data.get(f"{name}-meant")
        if typed and meant and data.get(f"{name}-asked") == typed:
            return self.written(meant) or typed
        return typed

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"] or ""
        context["widget"] |= {"question": self.question, "readings": self.readings(shown)}
        return context


class EraDateInput(AskingInput):
    """A date in either era, see `cases.dates.parse`."""

    question = _("Which date do you mean?")

    def __init__(self, attrs: Any = None, *, past_only: bool = False) -> None:
        fitting = {"inputmode": "numeric", "autocomplete": "off", "class": "control-short"}
        super().__init__({**fitting, **(attrs or {})})
        self.past_only = past_only

    def readings(self, typed: str) -> list[tuple[str, str]]:
        return [(day.isoformat(), dates.format_date(day)) for day in self.candidates(typed)]

    def candidates(self, typed: str) -> list[date]:
        """The days that `typed` can mean if it fits several; no later day where only past fit."""
        try:
            dates.parse(typed)
        except dates.AmbiguousDate as question:
            today = clock.today()
            return [day for day in question.candidates if not (self.past_only and day > today)]
        except dates.DateInputError:
            pass
        return []

    def written(self, meant: str) -> str:
        try:
            return dates.format_date(date.fromisoformat(meant), style="numeric")
        except ValueError:
            return ""

    def example(self) -> str:
        return dates.format_date(clock.today(), style="numeric")


class EraYearInput(AskingInput):
    """A year of either era, see `cases.eras.parse_year`."""

    question = _("Which year do you mean?")

    def __init__(self, attrs: Any = None) -> None:
        fitting = {"inputmode": "numeric", "autocomplete": "off", "class": "control-short"}
        super().__init__({**fitting, **(attrs or {})})

    def readings(self, typed: str) -> list[tuple[str, str]]:
        try:
            eras.parse_year(typed)
        except eras.AmbiguousYear as question:
            return [(str(year), eras.format_year(year)) for year in question.candidates]
        except eras.DateInputError:
            pass
        return []

    def written(self, meant: str) -> str:
        known = meant.isdecimal() and len(meant) == 4
        return eras.format_year(int(meant)) if known else ""

    def example(self) -> str:
        return eras.format_year(clock.today().year)


class NumberInput(forms.TextInput):
    """A number as text: browsers' own number inputs refuse Thai digits and thousands."""

    def __init__(self, attrs: Any = None, *, decimals: bool = False) -> None:
        mode = "decimal" if decimals else "numeric"
        fitting = {"inputmode": mode, "autocomplete": "off", "class": "control-short"}
        super().__init__({**fitting, **(attrs or {})})
