"""What a person enters about themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from cases.fields import NameField
from cases.models import User
from cases.person_fields import PhoneField


class OwnDetailsForm(forms.Form):
    """Name, phone and language; the e-mail address is an administrator's to change."""

    name = NameField(label=_("Name"), max_length=150)
    phone = PhoneField(label=_("Phone"), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the pages, and of the messages that come to you."),
    )


class ForgottenForm(forms.Form):
    """By what the person is known here."""

    account = forms.CharField(
        label=_("User name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "username"}),
    )


def password_form(kind: type[SetPasswordForm], user: User, data: Any) -> SetPasswordForm:
    """Django's form `kind`, with the rules told by the page instead of beside the field."""
    form = kind(user, data)
    form.fields["new_password1"].help_text = ""
    form.fields["new_password1"].widget.attrs["aria-describedby"] = "rules"
    return form


def password_rules() -> list[Any]:
    """What a password has to be, a sentence each."""
    return password_validators_help_texts()
