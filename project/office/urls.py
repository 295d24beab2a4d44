"""Addresses under /office/."""

from django.urls import path

from project.office import landing

urlpatterns = [
    path("", landing.office, name="office"),
]
