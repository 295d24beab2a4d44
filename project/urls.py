"""Addresses of Sajja: short, stable, bookmarkable (DESIGN 7)."""

from django.conf import settings
from django.contrib.auth import views as auth
from django.urls import include, path, register_converter

from cases import views as documents
from project import health, views
from project.accounts import bell
from project.paths import AreaCode, CaseNumber
from workflows.views import (
    acknowledge,
    area,
    case,
    case_list,
    correct,
    deadline,
    group,
    new_case,
    papers,
    step,
    work,
)

register_converter(CaseNumber, "case")
register_converter(AreaCode, "area")

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/login/", views.Login.as_view(), name="login"),
    path("accounts/logout/", auth.LogoutView.as_view(), name="logout"),
    path("accounts/", include("project.accounts.urls")),
    path("", include("project.channels.urls")),
    path("bell/", bell.matters, name="bell"),
    path("bell/seen/", bell.see_all, name="bell-seen"),
    path("bell/<int:pk>/", bell.follow, name="bell-follow"),
    path("language/", views.set_language, name="set_language"),
    path("work/", work.work, name="work"),
    path("cases/", case_list.cases, name="cases"),
    path("cases/new/", new_case.new_case, name="new-case"),
    path("cases/<case:number>/", case.case, name="case"),
    path("cases/<case:number>/end/<slug:how>/", case.end, name="end"),
    path("cases/<case:number>/steps/<int:pk>/", step.step, name="step"),
    path("cases/<case:number>/steps/<int:pk>/claim/", step.claim, name="claim"),
    path("cases/<case:number>/steps/<int:pk>/release/", step.release, name="release"),
    path("cases/<case:number>/steps/<int:pk>/correct/", correct.correct, name="correct"),
    path("cases/<case:number>/steps/<int:pk>/versions/<int:n>/", correct.version, name="version"),
    path(
        "cases/<case:number>/steps/<int:pk>/documents/<int:document>/remove/",
        step.remove_document,
        name="remove-document",
    ),
    path("cases/<case:number>/deadlines/<int:pk>/", deadline.deadline, name="deadline"),
    path(
        "cases/<case:number>/deadlines/<int:pk>/acknowledge/",
        acknowledge.acknowledge,
        name="acknowledge",
    ),
    path("cases/<case:number>/papers/<slug:code>/", papers.make, name="make-paper"),
    path("cases/<case:number>/documents/<int:pk>/", documents.document, name="document"),
    path("cases/<case:number>/documents/<int:pk>/thumb/", documents.thumbnail, name="thumbnail"),
    path("areas/<area:code>/", area.area, name="area"),
    path("groups/<int:pk>/", group.group, name="group"),
    path("office/", include("project.office.urls")),
    path("operator/", include("project.operator.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *([path("demo/", include("project.demo.urls"))] if settings.DEMO else []),
]

handler400 = "project.views.bad_request"
handler403 = "project.views.forbidden"
handler404 = "project.views.not_found"
