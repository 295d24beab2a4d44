from django.apps import AppConfig


class TortureConfig(AppConfig):
    name = "tests.torture"

    def ready(self) -> None:
        """Let business time be the torture's, in every process; break the sweep if asked to."""
        from django.conf import settings

        from cases import clock
        from tests.torture import broken, hours

        clock.use_offset(hours.offset)
        if settings.TORTURE_BROKEN:
            broken.break_sweep()
