"""What an administrator enters about another system that is told by webhooks."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import endpoints
from cases.fields import NameField


class WebhookForm(forms.Form):
    """Its name, and where it listens."""

    name = NameField(label=gettext_lazy("Name of the other system"), max_length=120)
    url = forms.URLField(
        label=gettext_lazy("Its address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("As its makers gave it to you. It begins with https://."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, area: str, **kwargs: Any) -> None:
        self._area = area
        super().__init__(*args, **kwargs)

    def clean_url(self) -> str:
        """An address outside that can be reached by https; nobody looks into our own network."""
        url: str = self.cleaned_data["url"]
        refuse_inside(url)
        return url

    def clean(self) -> dict[str, Any] | None:
        if endpoints.is_full(self._area):
            told = {"most": endpoints.MOST}
            raise ValidationError(_("An office tells at most %(most)s systems.") % told)
        return super().clean()


def refuse_inside(url: str) -> None:
    """Raise ValidationError for an address that no webhook may go to, as delivery will see it."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValidationError(_("Leave user name and password out of the address."))
    inside = settings.WEBHOOKS_MAY_STAY_INSIDE
    if parts.scheme != "https" and not (inside and parts.scheme == "http"):
        raise ValidationError(_("The address begins with https://."))
    if inside:
        return
    from requests import RequestException
    from requests_hardened.ip_filter import InvalidIPAddress, filter_host

    try:
        filter_host(parts.hostname or "", parts.port or 443, allow_loopback=False)
    except InvalidIPAddress as error:
        raise ValidationError(_("This address lies inside a network, not outside.")) from error
    except (RequestException, UnicodeError) as error:
        raise ValidationError(_("There is no computer of this name. Check the address.")) from error
