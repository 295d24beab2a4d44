"""Bringing in files: the kinds with their templates, and an upload that becomes a run."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.imports import arrivals, books, kinds, runs
from cases.imports.kinds import Kind
from cases.imports.tables import UnreadableTableError
from cases.models import User
from project.office.access import office_page
from project.office.downloads import ENDINGS, download
from project.office.import_runs import AT_ONCE, visible_runs
from workflows.views.access import WorkerRequest

PAGE = 20


class UploadForm(forms.Form):
    """One file of a kind."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("xlsx or CSV, at most 20 MB and 100,000 lines."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )


@office_page
@require_safe
def imports(request: WorkerRequest) -> HttpResponse:
    """What can be imported, and what was."""
    past = visible_runs(request.user).select_related("by")
    page = Paginator(past, PAGE).get_page(request.GET.get("page"))
    titles = {code: kind.title for code, kind in kinds.known().items()}
    context = {
        "kinds": [
            {"title": kind.title, "hint": kind.hint, "url": reverse("import-kind", args=[code])}
            for code, kind in kinds.known().items()
        ],
        "runs": [{"run": run, "title": titles.get(run.kind, run.kind)} for run in page],
        "page_obj": page,
    }
    return render(request, "office/imports.html", context)


@office_page
@require_http_methods(["GET", "HEAD", "POST"])
def import_kind(request: WorkerRequest, kind: str) -> HttpResponse:
    """The columns of a kind, its templates, and the form that takes a file of it."""
    found = kind_or_404(kind, request.user)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        language = get_language() or request.user.language
        try:
            run = arrivals.receive(kind, upload, by=request.user, language=language[:2])
        except UnreadableTableError as error:
            form.add_error("file", str(error))
        else:
            runs.advance(run.pk, seconds=AT_ONCE)
            return redirect("import-run", run.pk)
    context: dict[str, Any] = {
        "kind": found,
        "form": form,
        "columns": [
            {"column": column, "text": books.explanation(column)} for column in found.columns
        ],
        "templates": [
            {"ending": ending, "url": reverse("import-template", args=[kind, ending])}
            for ending in ENDINGS
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "office/import_kind.html", context, status=status)


@office_page
@require_safe
def import_template(request: WorkerRequest, kind: str, ending: str) -> HttpResponse:
    """An empty table of a kind to fill in, with headings in the reader's language."""
    if ending not in ENDINGS:
        raise Http404
    found = kind_or_404(kind, request.user)
    name = _("Template: %(kind)s") % {"kind": found.title}
    return download(books.template(found, ending), name, ending)


def kind_or_404(code: str, by: User) -> Kind:
    """The kind with `code` for this administrator."""
    kind = kinds.known().get(code)
    if kind is None:
        raise Http404
    return kind(by)
