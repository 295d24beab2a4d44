from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "project.demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """From here on business time is the demonstration's."""
        from cases import clock
        from project.demo.offset import offset

        clock.use_offset(offset)
