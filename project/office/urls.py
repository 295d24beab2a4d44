"""Addresses under /office/."""

from django.urls import path

from project.office import (
    accounts,
    calendar,
    calendar_apply,
    escalations,
    history,
    import_runs,
    imports,
    ladders,
    landing,
    people,
    people_list,
    settings,
    webhooks,
)

urlpatterns = [
    path("", landing.office, name="office"),
    path("people/", people_list.people_list, name="people"),
    path("people/new/", people.new_person, name="new-person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/invite/", accounts.invite, name="invite"),
    path("people/<int:pk>/close/", accounts.close_account, name="close-account"),
    path("people/<int:pk>/open/", accounts.open_account, name="open-account"),
    path("people/<int:pk>/posts/new/", accounts.new_post, name="new-post"),
    path("people/<int:pk>/posts/<int:post>/end/", accounts.end_post, name="end-post"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<slug:kind>/", imports.import_kind, name="import-kind"),
    path(
        "imports/<slug:kind>/template/<slug:ending>/",
        imports.import_template,
        name="import-template",
    ),
    path("imports/runs/<int:pk>/", import_runs.import_run, name="import-run"),
    path(
        "imports/runs/<int:pk>/report/<slug:ending>/",
        import_runs.import_report,
        name="import-report",
    ),
    path("calendar/", calendar.calendar, name="office-calendar"),
    path("calendar/new/", calendar.new_holiday, name="office-holiday-new"),
    path("calendar/recounts/<int:pk>/", calendar_apply.recount, name="office-recount"),
    path("calendar/<int:pk>/", calendar.holiday, name="office-holiday"),
    path("settings/", settings.settings, name="office-settings"),
    path("settings/<area:code>/<str:key>/", settings.setting, name="office-setting"),
    path("ladders/", ladders.ladders, name="office-ladders"),
    path("ladders/<area:code>/<slug:ladder>/", ladders.ladder, name="office-ladder"),
    path("escalations/", escalations.escalations, name="escalations"),
    path("webhooks/", webhooks.webhooks, name="office-webhooks"),
    path("webhooks/new/", webhooks.new_webhook, name="new-webhook"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("history/", history.history, name="office-history"),
]
