"""Personal links: with one, its receiver sets a password, once and for a few days.

A link is made when its message is sent and is kept nowhere: not in the outbox, not in a log. It
dies when the password is set, when the e-mail address or the account's state changes, and after
PASSWORD_RESET_TIMEOUT seconds of the machine's time, as delivery counts it.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
"""How long a link works."""

PERSONAL = frozenset({"invited", "password_reset"})
"""Templates whose link is the receiver's own."""


def personal_link(user: Any) -> str:
    """A new link for `user`, with the address of this installation.

    The secret is a parameter: the web server's log leaves parameters out.
    """
    secret = f"{user.pk}.{default_token_generator.make_token(user)}"
    return f"{settings.BASE_URL}{reverse('set-password')}?{urlencode({'link': secret})}"


def receiver(secret: str) -> Any:
    """The person whose link carries `secret`; None when it is used, old, forged or closed."""
    key, _dot, token = secret.partition(".")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    user = get_user_model().objects.filter(pk=int(key), is_active=True).first()
    return user if user and default_token_generator.check_token(user, token) else None
