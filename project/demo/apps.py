from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "project.demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """From here on business time is the demonstration's (cases/clock.py)."""
        from project.demo import time_travel

        time_travel.install()
