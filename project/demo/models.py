"""What the demonstration keeps for itself."""

from datetime import timedelta

from django.db import models


class ClockOffset(models.Model):
    """How far the demonstration's time is ahead of the machine's; one row."""

    ahead = models.DurationField(default=timedelta(0))

    def __str__(self) -> str:
        return f"+{self.ahead}"
