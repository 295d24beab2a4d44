"""Set ladders going again that the auditor found broken."""

from typing import Any

from django.core.management.base import BaseCommand

from cases import clock, mending


class Command(BaseCommand):
    """`manage.py mend_ladders`: what was missed is told by the next sweep."""

    help = "Set ladders going again that the auditor found broken; the next sweep tells."

    def handle(self, *args: Any, **options: Any) -> None:
        """Mend, and say how many deadlines."""
        count = mending.mend(at=clock.now())
        self.stdout.write(f"{count} deadlines go on; the next sweep tells what was missed.")
