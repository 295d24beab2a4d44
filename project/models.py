"""What the installation knows about itself."""

from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of a part that works in the background (see project/tasks.py)."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()  # by the database's clock, never the demonstration's

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
