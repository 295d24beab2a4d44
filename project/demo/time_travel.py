"""The demonstration's clock: a visitor moves business time ahead, never back."""

from cases.tasks import deliver, digests, sweep
from project.demo import offset
from workflows.procedures.group_month.tasks import open_months
from workflows.tasks import free, lapse, wake

MOST_DAYS = 100
"""As far as one step may go: each day is lived through, and the visitor waits for it."""


def advance(days: int) -> int:
    """Live through the next `days` days, morning by morning; returns how many messages were sent.

    Each morning does what beat does: reminders and escalations are swept, the months of groups
    open, what was not reported is closed, waits that are over end, digests and messages are
    delivered. So they arrive in order, dated on their day.

    Raises:
        ValueError: `days` is not between 1 and MOST_DAYS.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"between 1 and {MOST_DAYS} days, not {days}")
    sent = 0
    for _ in range(days):
        offset.go_to_next_morning()
        sweep()
        free()
        open_months()
        lapse()
        wake()
        digests()
        sent += deliver()
    return sent
