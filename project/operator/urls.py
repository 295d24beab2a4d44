"""Addresses under /operator/."""

from django.urls import path

from project.operator import views

urlpatterns = [
    path("", views.operator, name="operator"),
    path("send-again/", views.send_again, name="send-again"),
]
