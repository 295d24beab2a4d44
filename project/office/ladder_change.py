"""Another version of an office's ladder, from the first key to the click that lets it count.

It is saved only as it was tried: whoever changes a rung after the dry run sees a new one first.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from cases import clock, forecast, rungs
from cases import ladders as policy
from cases.forecast import with_rungs
from cases.models import Area, Ladder, User
from project.office import forecast_words
from project.office import ladder_words as words
from project.office.calendar_forms import ReasonForm
from project.office.ladder_entry import LadderEntry, field_errors
from project.office.ladder_forms import offered


class LadderChange:
    """What the page of a ladder shows to whom may change it, and what came of a click.

    `done` says what was saved, "" before; `forecast` is the dry run, None where none was asked.
    """

    def __init__(self, area: Area, code: str, by: User, kept: Mapping[str, Any] | None) -> None:
        self.area, self.by = area, by
        self.current = policy.current(code, area.pk)
        self.offered = offered(area, words.people_of([self.current]).values())
        typed = {name: values[-1] for name, values in (kept or {}).items()}
        self._keep(typed)
        if not typed:
            self.entry = LadderEntry.of(self.current, self.offered)
        self.forecast: dict[str, Any] | None = None
        self.tried = self.done = ""
        self.tries_above = False
        self.errors: list[dict[str, str]] = []

    @property
    def is_own(self) -> bool:
        """Whether the office has a version of its own, which it may give up."""
        return self.current.area_id == self.area.pk

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    def receive(self, sent: Mapping[str, Any]) -> None:
        """Do what the pressed button says."""
        self._keep(sent, add="add" in sent, remove=sent.get("remove", ""))
        if {"try_above", "as_above"} & set(sent) and self.is_own:
            self._give_up(sent)
        elif {"dry_run", "submit"} & set(sent):
            self._change(sent)

    def _keep(self, sent: Mapping[str, Any], **changed: Any) -> None:
        """Show everything as it was typed, not judged."""
        self.entry = LadderEntry.typed(sent, self.offered, **changed)
        self.reason = ReasonForm(initial={"reason": sent.get("reason", "")})
        self.back = ReasonForm(initial={"reason": sent.get("above-reason", "")}, prefix="above")

    def _change(self, sent: Mapping[str, Any]) -> None:
        self.entry = LadderEntry.sent(sent, self.offered)
        if not self.entry.is_valid():
            self.errors = self.entry.errors()
            return
        new = self._new()
        if "submit" in sent and self.is_own and digest(new) == digest(self.current):
            self.done = _("This ladder counts already.")
            return
        if "submit" in sent:
            self.reason = ReasonForm(sent)
            self._check(sent, self.reason, new)
        if "dry_run" in sent or self.errors:
            self._try(new)
            return
        policy.add_version(
            *(self.current.code, self.area, self.entry.entries()),
            by=self.by,
            reason=self.reason.cleaned_data["reason"],
            quiet=self.entry.quiet(),
        )
        self.done = _("The ladder counts for steps that begin from now on.")

    def _give_up(self, sent: Mapping[str, Any]) -> None:
        above = policy.current(self.current.code, self.area.parent_id or "")
        if "as_above" in sent:
            self.back = ReasonForm(sent, prefix="above")
            self._check(sent, self.back, above)
        if "try_above" in sent or self.errors:
            self.tries_above = True
            self._try(above)
            return
        reason = self.back.cleaned_data["reason"]
        policy.withdraw(self.current.code, self.area, by=self.by, reason=reason)
        self.done = _("The ladder above counts again for steps that begin from now on.")

    def _check(self, sent: Mapping[str, Any], reason: ReasonForm, new: Ladder) -> None:
        """What stands against saving: no reason, an untried change, somebody was quicker."""
        if not reason.is_valid():
            self.errors += field_errors(reason)
        if sent.get("base") != str(self.current.pk):
            text = _("Somebody chose another version meanwhile. Compare, then save again.")
            self.errors.append({"text": text, "url": "#current"})
        elif sent.get("tried") != digest(new):
            text = _("This was not tried yet. See what it does, then save again.")
            self.errors.append({"text": text, "url": "#dry-run"})

    def _new(self) -> Ladder:
        """The ladder as entered, with its rungs; not written."""
        since, until = self.entry.quiet() or (None, None)
        line = self.current.line
        new = Ladder(code=self.current.code, line=line, quiet_from=since, quiet_to=until)
        return with_rungs(new, self.entry.in_order())

    def _try(self, new: Ladder) -> None:
        self.tried = digest(new)
        self.forecast = forecast_words.shown(forecast.compare(self.area, new, at=clock.now()))


def digest(ladder: Ladder) -> str:
    """A short name for what the ladder says: the same rungs and quiet hours have the same."""
    said = [
        rungs.entries_of(list(ladder.rungs.all())),
        str(ladder.quiet_from),
        str(ladder.quiet_to),
    ]
    return sha256(json.dumps(said).encode()).hexdigest()[:16]
