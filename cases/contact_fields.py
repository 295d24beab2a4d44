"""Form fields for how a person signs in and is written to: user name and e-mail address."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.text import fold_digits, normalise

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,149}")


class LoginField(forms.CharField):
    """The name that a person signs in with: small letters, so that no phone gets it wrong."""

    widget = forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 150, **kwargs})

    def to_python(self, value: Any) -> str:
        login = fold_digits(normalise(super().to_python(value) or "")).lower()
        if login and not _LOGIN.fullmatch(login):
            raise ValidationError(
                _("A user name has at least two of the letters a–z, digits and . _ - @ +."),
                code="invalid",
            )
        return login


class EmailField(forms.EmailField):
    """An e-mail address as long as we can keep one, with digits of any script."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})

    def to_python(self, value: Any) -> str:
        return fold_digits(normalise(super().to_python(value) or ""))
