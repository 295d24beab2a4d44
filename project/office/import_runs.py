"""One file on its way in: what the check found, the word to import it, progress, report."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import people
from cases.imports import arrivals, books, kinds, runs
from cases.models import ImportRun, RefusedLine, User
from project.office.access import office_page
from project.office.downloads import ENDINGS, download
from workflows.views.access import WorkerRequest

SHOWN = 100  # refused lines on the page; the report has all
AT_ONCE = 5.0  # seconds that a page works on a file itself; the rest is the worker's
Status = ImportRun.Status


def visible_runs(user: User) -> QuerySet[ImportRun]:
    """The imports of the areas that `user` administers."""
    return ImportRun.objects.filter(people.under(people.administered_areas(user)))


@office_page
@require_http_methods(["GET", "HEAD", "POST"])
def import_run(request: WorkerRequest, pk: int) -> HttpResponse:
    """How far a file has come; whoever sent it says that it is to be imported."""
    run = get_object_or_404(visible_runs(request.user).select_related("by"), pk=pk)
    if request.method != "POST":
        return render(request, "office/import_run.html", _context(request, run))
    if run.by != request.user:
        raise Http404
    if "import" in request.POST and run.good:
        runs.confirm(run)
    elif "again" in request.POST:
        runs.take_up(run)
    runs.advance(run.pk, seconds=AT_ONCE)
    return redirect("import-run", run.pk)


@office_page
@require_safe
def import_report(request: WorkerRequest, pk: int, ending: str) -> HttpResponse:
    """The refused lines with their reasons in the reader's language, to mend and send again."""
    run = get_object_or_404(visible_runs(request.user), pk=pk)
    if ending not in ENDINGS or not run.refused:
        raise Http404
    name = _("Refused lines of %(file)s") % {"file": run.name.rpartition(".")[0] or run.name}
    return download(books.report(run, _language(), ending), name, ending)


def _language() -> str:
    return (get_language() or "th")[:2]


def _context(request: WorkerRequest, run: ImportRun) -> dict[str, Any]:
    kind = kinds.known()[run.kind]
    return {
        "run": run,
        "title": kind.title,
        "kind_url": reverse("import-kind", args=[run.kind]),
        "mine": run.by == request.user,
        "notes": _notes(run),
        "refused": [_refused(run, line) for line in run.refused_lines.all()[:SHOWN]],
        "shown": SHOWN,
        "reports": [
            {"ending": ending, "url": reverse("import-report", args=[run.pk, ending])}
            for ending in ENDINGS
        ],
        "differs": run.status == Status.DONE and run.predicted != _counts(run),
    }


def _counts(run: ImportRun) -> dict[str, int]:
    return {name: getattr(run, name) for name in run.predicted}


def _refused(run: ImportRun, line: RefusedLine) -> dict[str, Any]:
    """A refused line for the page: each reason with its cell, heading and what stood there."""
    reasons = [
        {
            "address": address,
            "heading": run.headings[place] if 0 <= place < len(run.headings) else "",
            "typed": line.cells[place] if 0 <= place < len(line.cells) else "",
            "text": text,
        }
        for address, place, text in books.reasons(line, _language())
    ]
    about = " · ".join(cell for cell in line.cells if cell)
    return {"number": line.number, "about": about[:120], "reasons": reasons}


_ENCODINGS = {"cp874": "TIS-620 (Windows-874)", "utf-16": "UTF-16"}


def _notes(run: ImportRun) -> list[str]:
    """How the file was understood, where that is worth a word."""
    notes, told = run.notes, []
    encoding = notes.get("encoding", "")
    if shown := _ENCODINGS.get(encoding[:6], ""):
        told.append(_("The letters were read as %(encoding)s.") % {"encoding": shown})
    if notes.get("other_sheets"):
        what = {"sheet": notes["sheet"], "others": ", ".join(notes["other_sheets"])}
        told.append(_("Only the sheet “%(sheet)s” is read, not %(others)s.") % what)
    if notes.get("unknown"):
        what = {"columns": ", ".join(notes["unknown"])}
        told.append(_("Nothing is read from these columns: %(columns)s.") % what)
    if run.status == Status.CHECKED and (before := arrivals.earlier(run)):
        what = {"name": before.by}
        told.append(_("The very same file was imported before, by %(name)s.") % what)
    return told
