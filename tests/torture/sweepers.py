"""`python -m tests.torture.sweepers 3`: so many processes that sweep, each dead one replaced.

They are forked from one that has loaded everything, so that killing them is cheap and can be done
many times a second; their batches are small, so that there are many moments to be killed in.
"""

import os
import signal
import sys
import time
from typing import NoReturn

import django
from django.db import Error, connection

from project.processes import die_with_parent

PAUSE_SECONDS = 0.02
BATCH = 25


def main(count: int) -> NoReturn:
    django.setup()
    alive: set[int] = set()
    while True:
        while len(alive) < count:
            child = os.fork()
            if not child:
                die_with_parent(signal.SIGKILL)
                sweep_for_ever()
            alive.add(child)
        alive.discard(os.wait()[0])


def sweep_for_ever() -> NoReturn:
    """What beat and a worker do, without them; a database that is away may come back."""
    from cases import clock, sweep

    while True:
        try:
            if sweep.sweep_batch(at=clock.now(), most=BATCH):
                continue
        except Error as error:
            print(f"{os.getpid()}: {error}", flush=True)  # noqa: T201
            connection.close()
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]))
