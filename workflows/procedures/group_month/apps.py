from django.apps import AppConfig


class GroupMonthConfig(AppConfig):
    name = "workflows.procedures.group_month"
    label = "group_month"
    default_auto_field = "django.db.models.BigAutoField"
