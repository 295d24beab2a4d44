"""One round: thousands of deadlines fall due at once, everything is struck, then judged."""

import signal
import time
from collections import Counter
from datetime import datetime, timedelta
from random import Random

import redis
from django.conf import settings
from django.db import connection, transaction

from cases import clock
from cases.models import Deadline
from project.embedded import Engines
from project.embedded.servers import PostgreSQL, Redis
from tests import crowd
from tests.torture import hours
from tests.torture.crew import Crew
from tests.torture.judge import Verdict, judge
from tests.torture.letters import Letters
from tests.torture.province import LADDER, PROVINCE, kinds_on

STILL_SECONDS = 60  # once nothing strikes any more: so long without any progress is the end

VICTIMS = {"sweeper": 10, "child": 4, "worker": 1, "beat": 1}  # of 16 blows
FIRST_GAP, GROWTH, LONGEST_GAP = 0.03, 1.06, 1.0  # seconds between blows, ever longer
SWEPT = 1.0  # progress: 0 to 1 while deadlines are due, 1 to 2 while messages are on their way
ENOUGH = 1.5
STRIKE_SECONDS = 90  # at most

OPEN_MESSAGES = "FROM notifications_message WHERE sent_at IS NULL AND given_up_at IS NULL"
# Without those that a dead worker had claimed: these are tried again in ten minutes only.
WAITING = f"{OPEN_MESSAGES} AND try_at < now() + interval '1 minute'"
IN_A_BATCH = """
SELECT count(*) FROM pg_stat_activity
WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND query ILIKE '%%cases_deadline%%'
"""


class Round:
    """One round that begins at business time `day`, a working day after 08:30."""

    def __init__(
        self, engines: Engines, crew: Crew, letters: Letters, *, chance: Random, day: datetime
    ) -> None:
        self._engines, self._crew, self._letters = engines, crew, letters
        self._chance, self._day = chance, day
        self.did: Counter[str] = Counter()

    def run(self, deadlines: int) -> Verdict:
        """Let so many deadlines fall due, strike, wait until all is quiet, and judge."""
        self._letters.came.clear()
        self._queued_before = _number("SELECT count(*) FROM notifications_message")
        hours.set_to(self._day)
        first, last = self._fall_due(deadlines)
        self._strike(deadlines)
        left = self._calm_down()
        verdict = judge(first, last, now=self._day + timedelta(hours=1), came=self._letters.came)
        if left:
            verdict.found["left over"] = left
        Deadline.objects.filter(next_at__isnull=False).update(next_at=None)
        return verdict

    def _fall_due(self, count: int) -> tuple[int, int]:
        with transaction.atomic():  # at once, for whoever sweeps
            return crowd.work(count, kinds_on(self._day), province=PROVINCE, ladder=LADDER)

    def _strike(self, count: int) -> None:
        """Strike at random moments, ever less often, until half the messages are out."""
        chance = self._chance
        big = sorted(
            (phase + chance.uniform(0.1, 0.9 if phase < SWEPT else 0.5), number, blow)
            for phase in (0, SWEPT)
            for number, blow in enumerate((self._stop_postgres, self._flush_redis))
        )
        gap, end = FIRST_GAP, time.monotonic() + STRIKE_SECONDS
        while (progress := self._progress(count)) < ENOUGH and time.monotonic() < end:
            while big and progress >= big[0][0]:
                big.pop(0)[2]()
            victim = chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
            self.did[victim] += self._crew.kill(victim, chance)
            time.sleep(gap * chance.uniform(0.5, 1.5))
            gap = min(gap * GROWTH, LONGEST_GAP)
        for _, _, blow in big:
            blow()

    def _stop_postgres(self) -> None:
        """Stop it as a power cut does, if there is still one in the middle of somebody's batch."""
        patience = time.monotonic() + 1
        while not (inside := _number(IN_A_BATCH)) and time.monotonic() < patience:
            time.sleep(0.005)
        self._engines.halt(PostgreSQL.variable, signal.SIGQUIT)
        connection.close()
        time.sleep(self._chance.uniform(0.1, 1))
        self._engines.resume(PostgreSQL.variable)
        self.did["postgres in a batch" if inside else "postgres"] += 1

    def _flush_redis(self) -> None:
        url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
        with redis.Redis.from_url(url) as client:
            client.flushall()
        self._engines.halt(Redis.variable, signal.SIGKILL)
        time.sleep(self._chance.uniform(0.1, 1))
        self._engines.resume(Redis.variable)
        self.did["redis"] += 1

    def _calm_down(self) -> int:
        """Kill all once more, let leases and waits pass, and wait until all work is done.

        Returns how much is left when nothing moves any more.
        """
        self._crew.end()
        hours.set_to(self._day + timedelta(hours=1))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_message SET try_at = now() "
                "WHERE sent_at IS NULL AND given_up_at IS NULL"
            )
        self._crew.start()
        self._crew.await_all()
        left, since = self._left(), time.monotonic()
        while left and time.monotonic() - since < STILL_SECONDS:
            self._crew.check()
            time.sleep(0.2)
            if (now := self._left()) != left:
                left, since = now, time.monotonic()
        return left

    def _left(self) -> int:
        """How many deadlines and messages are still to be worked off."""
        return _due() + _number(f"SELECT count(*) {OPEN_MESSAGES}")

    def _progress(self, count: int) -> float:
        """How far the round is: see SWEPT."""
        if due := _due():
            return 1 - due / count
        queued = _number("SELECT count(*) FROM notifications_message") - self._queued_before
        return SWEPT + 1 - _number(f"SELECT count(*) {WAITING}") / max(queued, 1)


def _due() -> int:
    return Deadline.objects.filter(next_at__lte=clock.now()).count()


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
