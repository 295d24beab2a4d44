"""A run folder that engines of their own can live in."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from project.embedded.place import private_folder_of


@pytest.fixture(scope="module")
def run_dir() -> Iterator[Path]:
    """Open to the engines' user, as pytest's own temporary folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="Sajja-"))
    folder.chmod(0o755)
    yield folder.resolve()
    shutil.rmtree(folder)
    shutil.rmtree(private_folder_of(folder), ignore_errors=True)


@pytest.fixture
def no_servers_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this test run had no engines: then `Engines` starts some."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
