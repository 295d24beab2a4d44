from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, register


class WorkflowsConfig(AppConfig):
    name = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse to start with a procedure that a case could not run to its end."""
        register(_sound_procedures)


def _sound_procedures(**_: Any) -> list[Error]:
    from workflows import contents, outline

    return [
        Error(f"{procedure.code}: {problem}", id="workflows.E001")
        for procedure in contents.procedures()
        for problem in (
            *outline.problems(procedure),
            *outline.problems_of_content(procedure, contents.read(procedure)),
        )
    ]
