"""Opening a case: the procedure, the village, and why."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import contents, people
from cases.models import Area, Case
from workflows import actions, blockers
from workflows.contents import openable_by
from workflows.forms import StepForm, step_form
from workflows.views.access import WorkerRequest, kept_entries, mark_of, worker_page


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def new_case(request: WorkerRequest) -> HttpResponse:
    """Choose downwards by GET, each choice one parameter more; then the opening step's form."""
    openable = openable_by(request.user)
    if not openable:
        raise Http404
    code = request.GET.get("procedure", openable[0].code)
    procedure = next((each for each in openable if each.code == code), openable[0])
    villages = list(_villages(request.user, procedure.start_node().role))
    tambon = request.GET.get("tambon", "")
    village = next((v for v in villages if v.code == request.GET.get("village")), None)
    if village and tambon and village.parent_id != tambon:
        village = None  # another tambon was chosen after the village
    running = village and _running(village, procedure, lock=request.method == "POST")
    if running and request.method == "POST" and running.opened_by == request.user:
        return redirect("case", running.number)  # a second click
    form = _form(request, procedure) if village and not running else None
    if village and form is not None and form.is_bound and form.is_valid():
        opened = actions.open_case(
            procedure, by=request.user, area=village, values=form.cleaned_data
        )
        messages.success(request, _("The case is open."))
        return redirect("case", opened.number)
    context = {
        "procedures": _procedures(openable, procedure) if len(openable) > 1 else [],
        "places": _places(villages, tambon, village),
        "form": form,
        "area_path": village.path if village else "",
        "errors": [_already(running)] if running else [],
        "warnings": _warnings(procedure, village) if village and not running else [],
        "mark": mark_of(request),
    }
    status = 200 if request.method != "POST" else 409 if running else 422
    return render(request, "cases/case_new.html", context, status=status)


def _villages(user: Any, role: str) -> QuerySet[Area]:
    """The villages in which the visitor may open a case as `role`."""
    below = Q(pk__in=[])
    for post in people.posts_of(user):
        if post.role == role:
            below |= Q(code__startswith=post.area_id)
    villages = Area.objects.filter(below, level=Area.Level.VILLAGE, abolished_on__isnull=True)
    return villages.select_related("parent__parent__parent")


def _places(villages: list[Area], tambon: str, village: Area | None) -> list[dict[str, Any]]:
    """The lists to choose from: the tambon where there are several, then the village."""
    tambons = {each.parent_id: each.parent for each in villages}
    if village is not None:
        tambon = village.parent_id or ""
    places = []
    if len(tambons) > 1:
        places.append(_place("tambon", _("Tambon"), list(tambons.values()), tambon))
    else:
        tambon = next(iter(tambons), None) or ""
    if tambon in tambons:
        below = [each for each in villages if each.parent_id == tambon]
        places.append(_place("village", _("Village"), below, village.code if village else ""))
    return places


def _place(name: str, label: str, areas: list[Any], chosen: str) -> dict[str, Any]:
    options = [
        {"value": area.code, "label": area.name, "selected": area.code == chosen} for area in areas
    ]
    return {"name": name, "label": label, "options": options}


def _running(village: Area, procedure: Any, lock: bool) -> Case | None:
    """One case of a kind at a time in a village: of two clicks the second waits for the first."""
    if lock:
        Area.objects.select_for_update(no_key=True).get(pk=village.pk)
    cases = Case.objects.filter(area=village, procedure=procedure.code, closed_at__isnull=True)
    return cases.first()


def _already(running: Case) -> dict[str, str]:
    text = _("A case of this kind is already running here: %(number)s.")
    return {
        "text": text % {"number": running.number},
        "url": reverse("case", args=[running.number]),
    }


def _warnings(procedure: Any, village: Area) -> list[str]:
    """What speaks against opening the case here, though nothing forbids it."""
    case = procedure.process_class(flow_class=procedure, area=village)
    return [warning.text for warning in blockers.warnings(case, [procedure.start_node()])]


def _form(request: WorkerRequest, procedure: Any) -> StepForm:
    node = procedure.start_node()
    form_class = step_form(procedure.process_class, node.fields)
    data = request.POST if request.method == "POST" else None
    kept = kept_entries(request) if data is None else None
    initial = {name: values[-1] for name, values in (kept or {}).items()}
    return form_class(data, initial=initial, optional=node.optional)


def _procedures(openable: list[Any], chosen: Any) -> list[dict[str, Any]]:
    return [
        {
            "value": each.code,
            "label": contents.pick(contents.current(each.code).body["title"]),
            "selected": each is chosen,
        }
        for each in openable
    ]
