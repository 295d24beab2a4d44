"""Addresses under /office/."""

from django.urls import path

from project.office import calendar, history, landing, settings

urlpatterns = [
    path("", landing.office, name="office"),
    path("calendar/", calendar.calendar, name="office-calendar"),
    path("calendar/new/", calendar.new_holiday, name="office-holiday-new"),
    path("calendar/<int:pk>/", calendar.holiday, name="office-holiday"),
    path("settings/", settings.settings, name="office-settings"),
    path("settings/<area:code>/<str:key>/", settings.setting, name="office-setting"),
    path("history/", history.history, name="office-history"),
]
