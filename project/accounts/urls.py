"""Addresses under /accounts/, beside signing in and out."""

from django.urls import path

from project.accounts import choices, views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("notifications/", choices.my_messages, name="my-messages"),
    path("password/", views.password, name="password"),
    path("forgotten/", views.forgotten, name="forgotten"),
    path("set-password/", views.set_password, name="set-password"),
]
