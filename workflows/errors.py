"""What can stand in the way of an action, in words for the person who tried."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An action that did not happen; nothing was changed. `text` is shown to the user."""

    status = 409
    title = _("This was not done")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotYours(Refused):
    """The person holds no post that may do this, or a duty forbids it (handbook 4.1)."""

    status = 403
    title = _("This step is not yours to do")


class AlreadyDone(Refused):
    """It was done before: a second click, a second tab, or somebody else.

    `by` is the id of the person who did it, None where nobody did exactly this.
    """

    title = _("This step has already been done")

    def __init__(self, text: str, by: int | None = None) -> None:
        super().__init__(text)
        self.by = by


class AlreadyEnded(AlreadyDone):
    """The whole case has come to its end."""

    title = _("The case has already ended")


class StillOpen(Refused):
    """The step is open, for the first time or again: it is done, not corrected.

    `pk` is its open work item.
    """

    title = _("This step is open")

    def __init__(self, text: str, pk: int) -> None:
        super().__init__(text)
        self.pk = pk


class Outdated(Refused):
    """Somebody corrected the same step meanwhile; `seen` is the version that was shown."""

    title = _("Somebody else corrected this meanwhile")

    def __init__(self, text: str, seen: int) -> None:
        super().__init__(text)
        self.seen = seen


class TakenBySomebody(Refused):
    """Somebody else has claimed the work item."""

    title = _("Somebody else has taken this")


class Blocked(Refused):
    """Something is missing; `blockers` says what, each with where it can be mended."""

    status = 422
    title = _("Something is still missing")

    def __init__(self, blockers: list) -> None:
        super().__init__("; ".join(str(blocker.text) for blocker in blockers))
        self.blockers = blockers
