from django.apps import AppConfig


class SavingsGroupConfig(AppConfig):
    name = "workflows.procedures.savings_group"
    label = "savings_group"
    default_auto_field = "django.db.models.BigAutoField"
