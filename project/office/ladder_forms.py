"""The form of a ladder: its unit and quiet hours, and a part for each rung (handbook 4.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import fields as typed
from cases import ladders, text
from cases.models import Area, Rung, User
from cases.roles import Role
from cases.rungs import MOST_DAYS, MOST_TIMES
from project.office import ladder_words
from project.office.settings_forms import MOST_TOLD, candidates

MOST_ABOVE = 9  # posts above the doer


class ClockField(forms.TimeField):
    """A time of day as 18:00, 18.00 or ๑๘.๐๐ น.; of 24 hours in every browser."""

    widget = forms.TimeInput(format="%H:%M", attrs={"class": "control-short"})

    def __init__(self, **kwargs: Any) -> None:
        message = {"invalid": gettext_lazy("Write a time of day such as 18:00.")}
        super().__init__(input_formats=["%H:%M", "%H.%M"], error_messages=message, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = text.fold_digits(text.normalise(value)).removesuffix("น.").strip()
        return super().to_python(value)


class LadderForm(forms.Form):
    """What counts for the whole ladder."""

    unit = forms.ChoiceField(
        label=gettext_lazy("The ladder counts in"),
        choices=[
            ("working_days", gettext_lazy("Working days")),
            ("days", gettext_lazy("Calendar days")),
        ],
        widget=forms.RadioSelect,
    )
    quiet_from = ClockField(label=gettext_lazy("Quiet from"), required=False)
    quiet_to = ClockField(label=gettext_lazy("Quiet until"), required=False)

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or there are none."""
        entered: dict[str, Any] = super().clean() or {}
        begins, ends = entered.get("quiet_from"), entered.get("quiet_to")
        if (begins is None) != (ends is None) and not self.errors:
            missing = "quiet_from" if begins is None else "quiet_to"
            self.add_error(missing, _("Give both times, or none."))
        if begins is not None and begins == ends:
            self.add_error("quiet_to", _("Quiet hours end at another time than they begin."))
        return entered


@dataclass(frozen=True)
class Offered:
    """The roles and the people whom the rungs of an office's ladder may name."""

    roles: list[tuple[str, Any]]
    people: list[tuple[str, str]]


def offered(area: Area, named: Iterable[User]) -> Offered:
    """What the rungs of `area` may name: also the people `named` who stand in its ladder now."""
    roles = [(role, Role(role).label) for role in ladders.roles(area.code[:2])]
    near = dict(candidates(area))
    kept = {str(user.pk): str(user) for user in named}
    return Offered(roles, list({**kept, **near}.items()))


class RungForm(forms.Form):
    """One rung: when, whom, with which message, how often again."""

    days = typed.WholeNumberField(
        label=gettext_lazy("How many days"), required=False, max_value=MOST_DAYS
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[
            ("BEFORE", gettext_lazy("days before the due day")),
            ("ON", gettext_lazy("on the due day")),
            ("AFTER", gettext_lazy("days after the due day")),
        ],
    )
    tell = forms.ChoiceField(label=gettext_lazy("Who is told"), choices=Rung.Receiver)
    above = typed.WholeNumberField(
        label=gettext_lazy("How many posts above"),
        required=False,
        min_value=1,
        max_value=MOST_ABOVE,
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    template = forms.ChoiceField(
        label=gettext_lazy("Message"), choices=list(ladder_words.MESSAGES.items())
    )
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=Rung.Channel)
    every = typed.WholeNumberField(
        label=gettext_lazy("Again every so many working days"),
        required=False,
        max_value=MOST_DAYS,
    )
    times = typed.WholeNumberField(
        label=gettext_lazy("At most so many times more"), required=False, max_value=MOST_TIMES
    )
    urgent = forms.BooleanField(
        label=gettext_lazy("Urgent: told in quiet hours as well"), required=False
    )

    def __init__(self, *args: Any, offered: "Offered", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [("", _("Choose")), *offered.roles]
        for number in range(1, MOST_TOLD + 1):
            fields[f"person_{number}"] = forms.ChoiceField(
                label=_("Person %(number)s") % {"number": number},
                choices=[("", _("Nobody")), *offered.people],
                required=False,
            )
        people = [f"person_{number}" for number in range(1, MOST_TOLD + 1)]
        self.order_fields(["days", "when", "tell", "above", "role", *people])

    @property
    def number(self) -> str:
        """Which rung it is among those of the page."""
        return str(self.prefix).rpartition("-")[2]

    @property
    def is_new(self) -> bool:
        """Whether nothing stands in it yet."""
        return not self.is_bound and not self.initial

    @property
    def in_words(self) -> str:
        """When and whom, as it stands now, right or not."""
        if self.is_new:
            return ""
        when = ladder_words.days(self["when"].value(), self["days"].value())
        told = self._chosen("tell")
        if self["tell"].value() == Rung.Receiver.ROLE:
            told = self._chosen("role")
        if self["tell"].value() == Rung.Receiver.ABOVE:
            told = ladder_words.above(self["above"].value())
        return f"{when} · {told}"

    def _chosen(self, name: str) -> str:
        """What the chosen option of a field says; "" for none of its options."""
        field: Any = self.fields[name]
        return str(dict(field.choices).get(self[name].value(), ""))

    def clean(self) -> dict[str, Any]:
        """What the kind of receiver and the time ask for; the rest does not count."""
        entered: dict[str, Any] = super().clean() or {}
        if entered.get("when") in ("BEFORE", "AFTER") and not entered.get("days"):
            self._ask("days", _("Write how many days."))
        match entered.get("tell"):
            case Rung.Receiver.ABOVE if not entered.get("above"):
                self._ask("above", _("Write how many posts above."))
            case Rung.Receiver.ROLE if not entered.get("role"):
                self._ask("role", _("Choose a role."))
            case Rung.Receiver.PEOPLE if not self._people(entered):
                self._ask("person_1", _("Choose a person."))
        self._check_repeats(entered)
        self._check_message(entered)
        return entered

    def entry(self, unit: str) -> dict[str, Any]:
        """The rung as `cases.rungs.parse` takes it; call when the form is valid.

        Args:
            unit: working_days or days.
        """
        entered = self.cleaned_data
        sign = {"BEFORE": -1, "ON": 0, "AFTER": 1}[entered["when"]]
        names = ("tell", "template", "channel", "urgent")
        entry = {name: entered[name] for name in names} | {unit: sign * (entered["days"] or 0)}
        match entered["tell"]:
            case Rung.Receiver.ABOVE:
                entry["above"] = entered["above"]
            case Rung.Receiver.ROLE:
                entry["role"] = entered["role"]
            case Rung.Receiver.PEOPLE:
                entry["people"] = self._people(entered)
        repeats = {"every": entered["every"], "times": entered["times"]}
        return entry | repeats if repeats["times"] else entry

    def _people(self, entered: Mapping[str, Any]) -> list[int]:
        chosen = (entered.get(f"person_{number}") for number in range(1, MOST_TOLD + 1))
        return list(dict.fromkeys(int(pk) for pk in chosen if pk))

    def _check_repeats(self, entered: Mapping[str, Any]) -> None:
        every, most = entered.get("every"), entered.get("times")
        if every and not most:
            self._ask("times", _("Write how many times at most."))
        if most and not every:
            self._ask("every", _("Write after how many working days."))

    def _check_message(self, entered: Mapping[str, Any]) -> None:
        """“It is due soon” is not said of what is late, nor the other way round."""
        fits = {"reminder": ("BEFORE",), "due_today": ("ON",), "overdue": ("AFTER",)}
        template, when = entered.get("template", ""), entered.get("when")
        if when and when not in fits.get(template, (when,)):
            self._ask("template", _("This message does not fit that time."))

    def _ask(self, name: str, text: str) -> None:
        if name not in self.errors:
            self.add_error(name, ValidationError(text, code="missing"))
