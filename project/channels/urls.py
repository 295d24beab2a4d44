"""Addresses of the ways in and out beside the pages."""

from django.urls import path

from project.channels import acting, feed, line

urlpatterns = [
    path("accounts/calendar/", feed.calendar_page, name="my-calendar"),
    path("accounts/line/", line.line_page, name="my-line"),
    path("act/<slug:secret>/", acting.act, name="act"),
    path("calendar/<slug:secret>.ics", feed.feed, name="calendar-feed"),
    path("line/webhook/", line.webhook, name="line-webhook"),
]
