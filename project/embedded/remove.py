"""`python -m project.embedded.remove`: delete the data of the demonstration and of all tests."""

import os
import shutil
import sys
from pathlib import Path

from project import processes
from project.embedded.place import private_folder_of

BASE_DIR = Path(__file__).resolve().parent.parent.parent
KEPT = {"venv", "install.lock"}  # packages, not data


def main() -> int:
    """Empty the run folder; 1 when a demonstration or a test run still uses it."""
    run_dir = Path(os.environ.get("SAJJA_RUN_DIR", BASE_DIR / ".sajja"))
    homes = [run_dir, *(run_dir / name for name in ("test", "torture", "bench"))]
    for lock in _locks(homes):
        try:
            processes.take(lock).close()
        except processes.InUseError as error:
            print(f"error: process {error.holder} still uses {lock.parent}; stop it first.")  # noqa: T201
            return 1
    for home in homes:
        shutil.rmtree(private_folder_of(home), ignore_errors=True)
    for entry in run_dir.glob("*"):
        if entry.name not in KEPT:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    return 0


def _locks(homes: list[Path]) -> list[Path]:
    names = [home / name for home in homes for name in ("demo.lock", "engines/lock")]
    names += [private_folder_of(home) / "lock" for home in homes]
    return [name for name in names if name.exists()]


if __name__ == "__main__":
    sys.exit(main())
