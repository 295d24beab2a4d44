"""Addresses that exist in the demonstration only."""

from django.urls import path

from project.demo import views

urlpatterns = [
    path("mail/", views.mail, name="demo-mail"),
    path("mail/<slug:id>/", views.letter, name="demo-letter"),
    path("clock/", views.clock, name="demo-clock"),
]
