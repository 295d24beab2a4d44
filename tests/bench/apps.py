from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Gives the flow of `tests.bench.timers` a home; viewflow asks for one."""

    name = "tests.bench"
