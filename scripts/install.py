"""Make .sajja/venv and install a locked set of packages: `python scripts/install.py dev`.

Needs nothing but Python. Does nothing when what the lock file names is already there, so it
can stand before every start. Every package must match its hash; none is compiled here.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
STATE = BASE_DIR / ".sajja"
VENV = STATE / "venv"
PYTHON = VENV / "bin" / "python"
SUPERSETS = {"demo": ("demo", "dev"), "dev": ("dev",)}  # whoever has dev has demo


def main(group: str) -> int:
    """Bring the environment up to the lock file of `group`, `demo` or `dev`."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older one
        print("Sajja needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …")
        return 1
    STATE.mkdir(exist_ok=True)
    with (STATE / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a demonstration and tests may start together
        if not any(_installed(each) for each in SUPERSETS[group]):
            print(f"Installing the packages of {_lock_file(group).name} …", flush=True)
            _install(group)
    return 0


def _lock_file(group: str) -> Path:
    return BASE_DIR / f"requirements-{group}.txt"


def _stamp(group: str) -> Path:
    return VENV / f"installed-{group}"


def _fingerprint(group: str) -> str:
    digest = hashlib.sha256(_lock_file(group).read_bytes()).hexdigest()
    return f"{sys.version_info.major}.{sys.version_info.minor} {digest}"


def _installed(group: str) -> bool:
    stamp = _stamp(group)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == _fingerprint(group)


def _install(group: str) -> None:
    if not _sound():
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--require-hashes", "--only-binary=:all:", "--requirement", str(_lock_file(group))]
    subprocess.run([*pip, *options], check=True)
    _stamp(group).write_text(_fingerprint(group))


def _sound() -> bool:
    """Whether there is an environment, not broken off, and of this very Python."""
    question = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return PYTHON.exists() and not subprocess.run([PYTHON, "-c", question], check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
