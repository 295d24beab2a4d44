"""Linking the LINE account of a person: by a code that they send to the office's account there.

Only the keyed digest of a code is kept; it counts once, and for minutes of the machine's time.
"""

import re
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from notifications.models import LineAccount

MINUTES = 10
"""How long a code counts."""

_LENGTH = 8
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
_CODE = re.compile(f"[{_SIGNS}]{{{_LENGTH}}}")


def ask(user: Any) -> str:
    """A new code for `user`; one asked for before no longer counts."""
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    expires_at = timezone.now() + timedelta(minutes=MINUTES)
    values = {"code_hash": _digest(code), "code_expires_at": expires_at}
    LineAccount.objects.update_or_create(user=user, defaults=values)
    return code


def looks_like_code(text: str) -> bool:
    """Whether somebody means a code: the signs and the length are right."""
    return bool(_CODE.fullmatch(_plain(text)))


@transaction.atomic
def link(text: str, line_id: str) -> Any:
    """Link the LINE account `line_id` to whom the code in `text` was given; None for no code.

    The code is used up. An account that belonged to somebody else belongs to this person now.
    """
    asked = LineAccount.objects.select_related("user").select_for_update(of=("self",))
    found = asked.filter(
        code_hash=_digest(_plain(text)), code_expires_at__gt=timezone.now(), user__is_active=True
    ).first()
    if found is None:
        return None
    forget(line_id)
    found.line_id, found.linked_at = line_id, timezone.now()
    found.code_hash, found.code_expires_at = "", None
    found.save()
    return found.user


def of(user: Any) -> LineAccount | None:
    """The linked account of `user`, if there is one."""
    return LineAccount.objects.filter(user=user, line_id__isnull=False).first()


def person_of(line_id: str) -> Any:
    """Whose account `line_id` is; None for nobody's."""
    account = LineAccount.objects.select_related("user").filter(line_id=line_id).first()
    return account.user if account else None


def unlink(user: Any) -> None:
    """Send nothing to the LINE account of `user` any more."""
    LineAccount.objects.filter(user=user).delete()


def forget(line_id: str) -> None:
    """The owner of the account `line_id` blocked us, or it goes to somebody else."""
    LineAccount.objects.filter(line_id=line_id).delete()


def _plain(text: str) -> str:
    """As a code is written, whatever spaces and small letters it was typed with."""
    return re.sub(r"[\s-]", "", text).upper()


def _digest(code: str) -> str:
    return salted_hmac("notifications.line_accounts", code, algorithm="sha256").hexdigest()
