"""The office calendar: holidays of the country, and on which of them an office is open."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import calendar_changes, clock, eras, office_calendar, offices
from cases.calendar_changes import CalendarChange, Kind
from cases.models import Area, Change, Holiday, OpenDay, Recount
from cases.models.area import prefixes
from project.office import calendar_apply, calendar_months, history_words
from project.office.calendar_apply import applied, preview_page
from project.office.calendar_forms import HolidayForm, NamesForm, ReasonForm
from project.office.places import chosen, chosen_area, keeper_page
from workflows.views.access import WorkerRequest, kept_entries, mark_of

YEARS = range(1900, 2101)


@keeper_page
@require_safe
def calendar(request: WorkerRequest) -> HttpResponse:
    """One year at one office, by months."""
    place, today = chosen(request), clock.today()
    year = _year(request.GET.get("year", ""))
    country = place.area.code[:2]
    around = {"previous": year - 1, "next": year + 1}
    context = {
        "place": place,
        "keep": [("year", eras.format_year(year))],
        "year": eras.format_year(year),
        "year_query": f"year={eras.format_year(year)}&",
        "around": {name: eras.format_year(y) for name, y in around.items() if y in YEARS},
        "months": calendar_months.months(place.area, year, today),
        "this_month": f"month-{today.month}" if year == today.year else "",
        "weekdays": calendar_months.weekdays(),
        "country": Area.objects.filter(pk=country).first(),
        "new_url": _new_url(request, place.area),
        "recounts": calendar_apply.going_on(country),
    }
    return render(request, "office/calendar.html", context)


@keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_holiday(request: WorkerRequest) -> HttpResponse:
    """Add a holiday to the country of the chosen office; for administrators of the country.

    What would move is shown before it is added; the way back keeps what was typed.
    """
    area = chosen_area(request)
    country = area.code[:2]
    if not offices.administers(request.user, country):
        raise Http404
    sent = request.method == "POST"
    form = HolidayForm(request.POST if sent else None, initial=_initial(request), country=country)
    if sent and form.is_valid() and "edit" not in request.POST:
        entered = form.cleaned_data
        if "submit" not in request.POST:
            names = calendar_changes.by_language(form.names())
            change = CalendarChange(Kind.HOLIDAY_ADDED, country, entered["day"], names)
            return preview_page(request, change, "submit", calendar_url(area))
        run = office_calendar.add(
            country, entered["day"], form.names(), by=request.user, reason=entered["reason"]
        )
        done = _("The holiday stands in the calendar.")
        return applied(request, run, done, calendar_url(area, entered["day"].year))
    context = {"form": form, "back_url": calendar_url(area), "mark": mark_of(request)}
    return render(request, "office/holiday_new.html", context, status=422 if form.errors else 200)


@keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def holiday(request: WorkerRequest, pk: int) -> HttpResponse:
    """One holiday: its names, whether this office is open, and every change of it."""
    found = get_object_or_404(Holiday, pk=pk)
    area = chosen_area(request)
    if area.code[:2] != found.country:
        raise Http404
    if found.removed:
        messages.info(request, _("This holiday was removed; it is a working day."))
        return redirect(calendar_url(area, found.day.year))
    opened = _opened(found, area)
    forms = _forms(request, found, area, opened)
    asked = next((name for name in forms if name in request.POST), "")
    wanted = request.POST.get(asked, "")
    if request.method == "POST" and asked and wanted != "edit" and forms[asked].is_valid():
        back = calendar_url(area, found.day.year)
        if wanted == "preview" and asked in _CHANGES:
            return preview_page(request, _change(asked, found, area), asked, back)
        run, done = _ACTIONS[asked](request, found, area, forms[asked])
        return applied(request, run, done, back)
    context = {
        "area": area,
        "holiday": found,
        "name": calendar_months.named(found),
        "opened": opened,
        "forms": forms,
        "form": forms.get(asked),
        "back_url": calendar_url(area, found.day.year),
        "timeline": history_words.timeline(_changes(found, area)),
        "mark": mark_of(request),
    }
    status = 422 if request.method == "POST" and wanted != "edit" else 200
    return render(request, "office/holiday.html", context, status=status)


def calendar_url(area: Area, year: int | None = None) -> str:
    """The calendar of `area`, in `year` of the Common Era."""
    shown = f"&year={eras.format_year(year)}" if year else ""
    return f"{reverse('office-calendar')}?area={area.code}{shown}"


def _year(typed: str) -> int:
    """The year that an address names, in either era; the current one where it names none."""
    try:
        year = eras.parse_year(typed)
    except (eras.DateInputError, eras.AmbiguousYear):
        return clock.today().year
    return year if year in YEARS else clock.today().year


def _new_url(request: WorkerRequest, area: Area) -> str:
    if not offices.administers(request.user, area.code[:2]):
        return ""
    return f"{reverse('office-holiday-new')}?area={area.code}"


def _initial(request: WorkerRequest) -> dict[str, str]:
    """What the same person had typed here when the session lapsed."""
    return {name: values[-1] for name, values in (kept_entries(request) or {}).items()}


def _opened(holiday: Holiday, area: Area) -> OpenDay | None:
    """By which area's choice the office is open on the holiday; the nearest one."""
    days = OpenDay.objects.filter(day=holiday.day, area__in=prefixes(area.code))
    found = list(days.select_related("area"))
    return max(found, key=lambda each: len(each.area_id), default=None)


def _forms(
    request: WorkerRequest, holiday: Holiday, area: Area, opened: OpenDay | None
) -> dict[str, Any]:
    """What the visitor may do here, by the name of its button; that which was sent is bound."""
    kinds: dict[str, Callable[..., Any]] = {}
    if opened is None and holiday.day.weekday() < 5:
        kinds["open"] = ReasonForm
    elif opened is not None and opened.area_id == area.pk:
        kinds["close"] = ReasonForm
    if offices.administers(request.user, holiday.country):
        kinds |= {"rename": NamesForm, "remove": ReasonForm}
    typed = {} if request.method == "POST" else _initial(request)
    initial = {name: getattr(holiday, name) for name in office_calendar.NAMES}
    return {
        name: kind(
            request.POST if name in request.POST else None,
            prefix=name,
            initial=initial | _of(typed, f"{name}-"),
        )
        for name, kind in kinds.items()
    }


def _of(typed: dict[str, str], prefix: str) -> dict[str, str]:
    """The entries of one of several forms, without its prefix."""
    own = [name for name in typed if name.startswith(prefix)]
    return {name.removeprefix(prefix): typed[name] for name in own}


Done = tuple[Recount | None, str]
"""What is to be counted anew, and what was done, in words."""


def _open(request: WorkerRequest, holiday: Holiday, area: Area, form: ReasonForm) -> Done:
    reason = form.cleaned_data["reason"]
    run = office_calendar.open_on(area, holiday.day, by=request.user, reason=reason)
    return run, _("%(area)s is open on this day.") % {"area": area.name}


def _close(request: WorkerRequest, holiday: Holiday, area: Area, form: ReasonForm) -> Done:
    reason = form.cleaned_data["reason"]
    run = office_calendar.close_on(area, holiday.day, by=request.user, reason=reason)
    return run, _("%(area)s keeps this holiday again.") % {"area": area.name}


def _rename(request: WorkerRequest, holiday: Holiday, area: Area, form: NamesForm) -> Done:
    reason = form.cleaned_data["reason"]
    office_calendar.rename(holiday, form.names(), by=request.user, reason=reason)
    return None, _("The holiday has its new name.")


def _remove(request: WorkerRequest, holiday: Holiday, area: Area, form: ReasonForm) -> Done:
    run = office_calendar.remove(holiday, by=request.user, reason=form.cleaned_data["reason"])
    return run, _("The holiday was removed: it is a working day from now on.")


_ACTIONS: dict[str, Callable[..., Done]] = {
    "open": _open,
    "close": _close,
    "rename": _rename,
    "remove": _remove,
}
_CHANGES = {
    "open": Kind.OPEN_DAY_ADDED,
    "close": Kind.OPEN_DAY_REMOVED,
    "remove": Kind.HOLIDAY_REMOVED,
}


def _change(action: str, holiday: Holiday, area: Area) -> CalendarChange:
    """What `action` would do to the calendar."""
    place = holiday.country if action == "remove" else area.code
    names = {"th": holiday.name_th, "lo": holiday.name_lo, "en": holiday.name_en}
    return CalendarChange(_CHANGES[action], place, holiday.day, names)


def _changes(holiday: Holiday, area: Area) -> list[Change]:
    """What was changed about the holiday itself and about this office's opening, newest first."""
    about = [office_calendar.about_holiday(holiday.country, holiday.day)]
    about += [office_calendar.about_open_day(code, holiday.day) for code in prefixes(area.code)]
    return list(Change.objects.filter(about__in=about).select_related("by", "area")[:50])
