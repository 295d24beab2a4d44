"""viewflow's own timers, at their leanest: a process that waits for a moment and ends."""

from datetime import timedelta

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process
from viewflow.workflow.timers import fire_due_timers

from tests.bench.stopwatch import Stopwatch


class WaitingFlow(flow.Flow):
    """Start, wait, end; without a lock, as viewflow comes."""

    process_class = Process

    start = flow.StartHandle().Next(this.wait)
    wait = flow.Timer(timedelta(0)).Next(this.end)
    end = flow.End()


def fired(count: int) -> float:
    """Fire so many timers that are due; how many a second."""
    for _ in range(count):
        WaitingFlow.start.run()
    with Stopwatch() as watch:
        done = fire_due_timers()
    if done != count:
        raise RuntimeError(f"{done} of {count} timers fired")
    return count / watch.seconds
