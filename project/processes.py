"""Child processes that never outlive this one, and the clearing of those that did.

Each child is tied to its parent by the kernel (prctl PR_SET_PDEATHSIG): when the parent dies, by
kill -9 too, the child gets the signal that makes it stop cleanly. What survives even that (the
child itself was killed and left children of its own) is found at the next start by where it
works or by a mark in its environment, and cleared.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TypedDict, TypeVar

import psutil

MARK = "SAJJA_SUPERVISED"
"""Environment variable of every supervised process: the run folder that it belongs to."""

T = TypeVar("T")

_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Identity(TypedDict, total=False):
    """Whom a process runs as, in the words of `subprocess`."""

    user: int
    group: int
    extra_groups: list[int]


class InUseError(Exception):
    """Another live process holds the folder; `holder` is its number as text."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def take(lock: Path) -> IO[str]:
    """Take a lock file until it is closed or this process ends in any way.

    Raises:
        InUseError: another process has it.
    """
    file = lock.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read()
        file.close()
        raise InUseError(holder) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def die_with_parent(how: signal.Signals) -> None:
    """Ask the kernel to send `how` to this process when its parent ends (Linux only)."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, how)


def spawn(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    user: Identity | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    on_parent_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own, tied to the life of this process.

    Call it from the main thread: the kernel watches the thread that started the child.

    Args:
        output: where standard output and standard error go.
        user: whom to run as; None or empty for the present user.
        on_parent_death: what the child receives when this process dies without stopping it.
    """
    return subprocess.Popen(  # noqa: S603 - commands are ours, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        process_group=0,  # Ctrl-C reaches only the parent, who stops the children in order
        preexec_fn=_tie(os.getpid(), on_parent_death),
        **(user or Identity()),
    )


def _tie(parent: int, how: signal.Signals) -> Callable[[], None]:
    def in_child() -> None:
        die_with_parent(how)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return in_child


def supervised(run_dir: Path) -> list[psutil.Process]:
    """Processes that carry the mark of `run_dir`, without the caller itself."""
    return [p for p in _others() if (_quietly(p.environ) or {}).get(MARK) == str(run_dir)]


def working_in(folder: Path) -> list[psutil.Process]:
    """Processes whose working folder lies in `folder`: an engine's, and its children's."""
    inside = str(folder.resolve()) + os.sep
    return [p for p in _others() if (_quietly(p.cwd) or "").startswith(inside)]


def end(family: Sequence[psutil.Process], how: signal.Signals, patience: float) -> None:
    """Send `how` to the heads of a family of processes, who end their own children in order.

    What is left of the family after `patience` seconds is killed.
    """
    members = {process.pid for process in family}
    for process in family:
        if _quietly(process.ppid) not in members:
            _quietly(partial(process.send_signal, how))
    _wait(family, patience)
    for process in family:
        _quietly(process.kill)
    _wait(family, patience=5)


def _wait(family: Iterable[psutil.Process], patience: float) -> None:
    deadline = time.monotonic() + patience
    for process in family:
        # a zombie has ended: whether its parent looks is not our concern
        while (_quietly(process.status) or psutil.STATUS_ZOMBIE) != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)


def _others() -> list[psutil.Process]:
    return [p for p in psutil.process_iter() if p.pid != os.getpid()]


def _quietly(ask: Callable[[], T]) -> T | None:
    """The answer, or None when the process is gone or is not ours to look at."""
    try:
        return ask()
    except psutil.Error:
        return None
