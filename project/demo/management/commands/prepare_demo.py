from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Brings database, styles and data of the demonstration up to date; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        # one process for all three: each would take longer to start than to find nothing to do
        call_command("migrate", interactive=False, stdout=self.stdout)
        call_command("collectstatic", interactive=False, stdout=self.stdout)
        call_command("load_demo", stdout=self.stdout)
