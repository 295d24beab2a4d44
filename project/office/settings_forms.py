"""Forms of an office's settings: each gives the value that is kept, and why it was chosen."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import clock
from cases import fields as typed
from cases.models import Area, Post, User
from cases.numbers import format_number
from project.office.calendar_forms import ReasonForm
from workflows.office_numbers import OfficeNumber

MOST_TOLD = 3  # people whom an office names for one role


class LetterheadForm(ReasonForm):
    """What stands at the head of the office's papers (handbook 3.5)."""

    office_name = typed.NameField(label=gettext_lazy("Name of the office"))
    address = typed.LongTextField(
        label=gettext_lazy("Address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=60, required=False)
    letter_code = forms.CharField(
        label=gettext_lazy("Letter code"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("It stands before the number of each letter."),
    )

    field_order = ["office_name", "address", "phone", "letter_code", "reason"]

    def value(self) -> dict[str, str]:
        """The letterhead as entered; call when the form is valid."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "reason"}


class NumberForm(ReasonForm):
    """A number of days, of people or of per cent, within its bounds."""

    number = typed.WholeNumberField(label="", min_value=1)

    field_order = ["number", "reason"]

    def __init__(self, *args: Any, number: OfficeNumber, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"working_days": _("Working days"), "days": _("Days"), "number": _("Number")}
        span = {"least": format_number(number.lowest), "most": format_number(number.highest)}
        text = (
            _("By law not above %(most)s.") if number.by_law else _("From %(least)s to %(most)s.")
        )
        self.fields["number"] = typed.WholeNumberField(
            label=labels[number.unit],
            min_value=number.lowest,
            max_value=number.highest,
            help_text=text % span,
        )

    def value(self) -> int:
        """The number as entered; call when the form is valid."""
        entered: int = self.cleaned_data["number"]
        return entered


class ToldForm(ReasonForm):
    """People who are told for the holders of a post, beside them or instead of them."""

    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            ("beside", gettext_lazy("Beside those who hold the post")),
            ("instead", gettext_lazy("Instead of those who hold the post")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        offered = candidates(area)
        for number in range(1, MOST_TOLD + 1):
            fields[f"person_{number}"] = forms.ChoiceField(
                label=_("Person %(number)s") % {"number": number},
                choices=[("", _("Choose") if number == 1 else _("Nobody")), *offered],
                required=number == 1,
            )
        self.order_fields([*self._people(), "how", "reason"])

    def value(self) -> dict[str, Any]:
        """Whom and how, as entered; call when the form is valid."""
        chosen = (self.cleaned_data[name] for name in self._people())
        people = list(dict.fromkeys(int(pk) for pk in chosen if pk))
        return {"people": people, "instead": self.cleaned_data["how"] == "instead"}

    @staticmethod
    def initial_of(value: dict[str, Any]) -> dict[str, Any]:
        """The entries of the form that make `value`."""
        people = {f"person_{number}": pk for number, pk in enumerate(value["people"], 1)}
        return {**people, "how": "instead" if value["instead"] else "beside"}

    def _people(self) -> list[str]:
        return [f"person_{number}" for number in range(1, MOST_TOLD + 1)]


def candidates(area: Area) -> list[tuple[str, str]]:
    """Who may be named at `area`: whoever holds a post there, above, or one level below."""
    near = Q(area__in=area.prefixes) | Q(area__parent=area)
    held = Post.objects.held_on(clock.today()).filter(near)
    posts = held.select_related("user", "area").order_by("user__name", "user", "pk")
    first: dict[User, Post] = {}
    for post in posts:
        first.setdefault(post.user, post)
    return [
        (str(user.pk), f"{user} · {post.get_role_display()} · {post.area.name}")
        for user, post in first.items()
    ]
