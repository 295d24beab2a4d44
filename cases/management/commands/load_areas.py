from typing import Any

from django.core.management.base import BaseCommand

from cases import territory


class Command(BaseCommand):
    help = "Loads provinces, districts and subdistricts of Thailand and Laos; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        units = [*territory.thai_units(), *territory.lao_units()]
        loaded = territory.load(units)
        if loaded.added or loaded.changed:
            self.stdout.write(
                f"areas: {loaded.added} added, {loaded.changed} changed, "
                f"{loaded.unchanged} unchanged"
            )
        else:
            self.stdout.write(f"areas: nothing to change, {loaded.unchanged} as loaded before")
