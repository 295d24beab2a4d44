"""Loads each procedure's content.yaml as versions into the database (handbook 8, rule 1)."""

import hashlib
import inspect
import json
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from cases import people
from cases.models import ProcedureContent


def procedures() -> list[Any]:
    """The procedures of this house, in the order of the settings."""
    return [import_string(path) for path in settings.PROCEDURES]


def by_code(code: str) -> Any:
    """The procedure with `code`. Raises KeyError for one that this house does not have."""
    return {procedure.code: procedure for procedure in procedures()}[code]


def openable_by(user: Any) -> list[Any]:
    """The procedures of which `user` may open a case by one of their posts."""
    roles = {post.role for post in people.posts_of(user)}
    return [procedure for procedure in procedures() if procedure.start_node().role in roles]


def read(procedure: Any) -> dict[str, Any]:
    """The procedure's content.yaml, which stands beside its flows.py."""
    folder = Path(inspect.getfile(procedure)).parent
    return dict(yaml.safe_load((folder / "content.yaml").read_text(encoding="utf-8")))


@transaction.atomic
def load_all() -> list[ProcedureContent]:
    """Add a version for every procedure whose content.yaml differs from its newest one."""
    added = []
    for procedure in procedures():
        body = read(procedure)
        text = json.dumps(body, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        newest = ProcedureContent.objects.filter(procedure=procedure.code).order_by("-version")
        last = newest.first()
        if last is None or last.digest != digest:
            version = last.version + 1 if last else 1
            added.append(
                ProcedureContent.objects.create(
                    procedure=procedure.code, version=version, digest=digest, body=body
                )
            )
    return added
