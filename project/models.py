"""What the installation knows about itself."""

from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of a part that works in the background (see project/watch.py)."""

    name = models.CharField(max_length=20, primary_key=True)
    # By the database's clock, never the demonstration's; of "audited" alone in business time.
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
