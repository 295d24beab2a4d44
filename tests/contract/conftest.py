"""The world of `world.py`, built once for a module; each test leaves it as it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.cast import Cast
from tests.contract.world import World, build, undone


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    mail, media = tmp_path_factory.mktemp("mail"), tmp_path_factory.mktemp("media")
    around = transaction.atomic()
    with override_settings(EMAIL_FILE_PATH=mail, MEDIA_ROOT=media):
        with django_db_blocker.unblock():
            around.__enter__()
            built = build(mail)
        yield built
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@pytest.fixture
def db(_built: World, django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's, which closes the connection that the world lives in."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def world(_built: World, db: None) -> World:
    """The cast, its cases and all addresses; what a test changes is undone after it."""
    return _built


@pytest.fixture
def cast(world: World) -> Cast:
    """The named cast in its territory."""
    return world.cast
