"""`manage.py demo_clock --advance 10d`: move the demonstration's time ahead."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases import clock
from project.demo import time_travel


class Command(BaseCommand):
    help = "Show the demonstration's time, or move it ahead; loading the data anew sets it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--advance", metavar="DAYS", help="how far to go, as in 10d")

    def handle(self, *args: Any, advance: str | None, **options: Any) -> None:
        if advance:
            sent = self._advance(advance)
            self.stdout.write(f"{sent} e-mails sent")
        self.stdout.write(f"it is {timezone.localtime(clock.now()):%Y-%m-%d %H:%M} here")

    def _advance(self, typed: str) -> int:
        match = re.fullmatch(r"(\d+)d?", typed)
        if not match:
            raise CommandError(f"--advance takes days, as in 10d, not {typed!r}")
        try:
            return time_travel.advance(int(match[1]))
        except ValueError as error:
            raise CommandError(str(error)) from error
