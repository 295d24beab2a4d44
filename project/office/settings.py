"""An office's settings: its letterhead, days and numbers, and who is told (handbook 4.3, 8)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import ladders, office_settings, offices
from cases.models import Area, User
from cases.office_settings import Setting
from project.office import settings_sections as sections
from project.office.calendar_forms import ReasonForm
from project.office.places import chosen, keeper_page, kept_area
from project.office.setting_words import SettingWords
from project.office.settings_forms import LetterheadForm, NumberForm, ToldForm
from workflows.office_numbers import OfficeNumber
from workflows.views.access import WorkerRequest, kept_entries, mark_of


@keeper_page
@require_safe
def settings(request: WorkerRequest) -> HttpResponse:
    """Everything that counts at one office, by sections."""
    place = chosen(request)
    page = sections.context(request.user, place.area)
    return render(request, "office/settings.html", {"place": place, "query": "", **page})


@keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: WorkerRequest, code: str, key: str) -> HttpResponse:
    """One setting of one office: what counts, another value, and every choice before."""
    area = kept_area(request, code)
    current = office_settings.in_force(key, code)
    rows = list(office_settings.history(key, code))
    words = SettingWords([row.value for row in rows] + ([current.value] if current else []))
    form = _form(request, area, key, current, words.number(key))
    back = ReasonForm(request.POST if "as_above" in request.POST else None, prefix="above")
    if "as_above" in request.POST and back.is_valid():
        return _choose(request, area, key, None, back)
    if "submit" in request.POST and form.is_valid():
        return _choose(request, area, key, form.value(), form)
    refused = back if back.is_bound else form
    context = {
        "area": area,
        "title": words.title(key),
        "value": words.value(key, current.value) if current else "",
        "origin": sections.origin(current, area),
        "since": current,
        "since_by": _person(current.set_by) if current else None,
        "default": _default(key, words),
        "counts": _counts_for(key),
        "can_preview": key == office_settings.LETTERHEAD,
        "preview": _preview(key, form, current),
        "edit": form,
        "back": back if current and current.area == code else None,
        "form": refused,
        "timeline": sections.choices(rows, words, key),
        "back_url": f"{reverse('office-settings')}?area={code}",
        "mark": mark_of(request),
    }
    return render(request, "office/setting.html", context, status=422 if refused.errors else 200)


def _choose(
    request: WorkerRequest, area: Area, key: str, value: Any, form: ReasonForm
) -> HttpResponse:
    reason = form.cleaned_data["reason"]
    office_settings.choose(key, area, value, by=request.user, reason=reason)
    messages.success(request, _("The setting counts from now on."))
    return redirect(f"{reverse('office-settings')}?area={area.code}")


def _form(
    request: WorkerRequest,
    area: Area,
    key: str,
    current: Setting | None,
    number: OfficeNumber | None,
) -> Any:
    """The form of the setting `key`; 404 for none, or one that the visitor may not set."""
    sent = request.POST if {"submit", "preview"} & set(request.POST) else None
    typed = {} if request.method == "POST" else kept_entries(request) or {}
    initial = {name: values[-1] for name, values in typed.items()}
    value = current.value if current else None
    if key == office_settings.LETTERHEAD:
        return LetterheadForm(sent, initial=(value or {}) | initial)
    if number:
        default = number.default if value is None else value
        return NumberForm(sent, initial={"number": default} | initial, number=number)
    role = key.removeprefix(office_settings.told_key(""))
    if not offices.administers(request.user, area.code) or role not in ladders.roles(area.code[:2]):
        raise Http404
    kept = ToldForm.initial_of(value) if value else {"how": "beside"}
    return ToldForm(sent, initial=kept | initial, area=area)


def _default(key: str, words: SettingWords) -> str:
    """What counts where no office chose: the procedure's own number."""
    number = words.number(key)
    return words.value(key, number.default) if number else ""


def _counts_for(key: str) -> str:
    """From when on a choice counts, and what keeps the one before."""
    match key.partition(".")[0]:
        case "due":
            return _("Counts for steps that begin afterwards. Running deadlines keep their day.")
        case "number":
            return _("Counts for cases that are opened afterwards. Running cases keep theirs.")
        case "told":
            return _("Counts from the next message on.")
    return _("Counts for papers that are made afterwards. Kept papers stay as they are.")


def _preview(key: str, form: Any, current: Setting | None) -> Any:
    """The letterhead as entered, or else the one in force; None for other settings."""
    if key != office_settings.LETTERHEAD:
        return None
    if form.is_bound and form.is_valid():
        return form.value()
    return current.value if current else None


def _person(pk: int | None) -> User | None:
    return User.objects.filter(pk=pk).first() if pk else None
