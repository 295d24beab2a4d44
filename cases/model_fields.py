"""Model fields that tell the forms how people write them."""

from django.db import models


class YearField(models.PositiveSmallIntegerField):
    """A year of the Common Era; typed and shown in the reader's era (handbook 3.4)."""

    def deconstruct(self):
        """Migrations need not know more than the number."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveSmallIntegerField", args, kwargs


class PastDateField(models.DateField):
    """The day of something that has happened: never in the future (handbook 7.2)."""

    def deconstruct(self):
        """Migrations need not know more than the date."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateField", args, kwargs
