"""How a link of a case's hash chain is made (DESIGN 3).

Every event's hash covers its own values and the hash before it. Free text stands apart under a
salted digest, so that it can be erased and the chain still proves whole (see `cases.proof`).
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def plain(value: Any) -> Any:
    """`value` as PostgreSQL's jsonb gives it back: dates and decimals as text, keys as text.

    Raises TypeError for floating-point numbers, which jsonb may give back in another spelling.
    """
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder), parse_float=_no_float)


def _no_float(digits: str) -> None:
    raise TypeError(f"an event keeps no floating-point number: {digits}")


def canonical(value: Any) -> bytes:
    """The one spelling of a `plain` value, which is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(
    *,
    case: str,
    number: int,
    kind: str,
    at: datetime,
    by: int | None,
    post: int | None,
    step: str,
    codes: Any,
    text_digest: str,
    previous_hash: str,
) -> str:
    """SHA-256, as hex, over all of an event's own values and the hash before it.

    `case` is the case's number; `by` and `post` are ids; `codes` is plain.
    """
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    values = [case, number, kind, moment, by, post, step, codes, text_digest, previous_hash]
    return sha256(canonical(values)).hexdigest()


def digest(salt: str, body: Any) -> str:
    """Salted SHA-256, as hex, of an event's text; without the salt a short text can be guessed."""
    return sha256(salt.encode() + canonical(body)).hexdigest()
