"""Who may open the operator's page, and what each may see there (handbook 4.1)."""

from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse

from cases import people
from cases.models import Post, User
from workflows.views.access import View, WorkerRequest, worker_page


@dataclass(frozen=True)
class Scope:
    """The areas that somebody administers; `whole`: and the installation itself."""

    areas: list[str]
    whole: bool

    def under(self, field: str) -> Q:
        """Condition that the text `field` is the code of an area of the scope."""
        condition = Q(pk__in=[])
        for code in self.areas:
            condition |= Q(**{f"{field}__startswith": code})
        return condition

    def alarms(self) -> Q:
        """Condition on `Alarm`: those of the areas, and of the installation for its operators."""
        own = self.under("facts__area")
        return own | Q(facts__area="") if self.whole else own

    def messages(self) -> Q:
        """Condition on `Message`: to people with a post in the areas, to systems told of them;
        for operators of the installation whatever is left as well.
        """
        if self.whole:
            return Q()
        held = Post.objects.filter(people.under(self.areas)).values("user")
        return Q(to__in=held) | self.under("endpoint__area_code")


def scope_of(user: User) -> Scope:
    """What `user` operates: an administrator of a country, or a superuser, everything."""
    areas = people.administered_areas(user)
    whole = user.is_superuser or any(len(code) == len("TH") for code in areas)
    return Scope([""] if user.is_superuser else areas, whole)


def operator_page(view: View) -> View:
    """For administrators of an area and superusers; everybody else finds nothing here."""

    @worker_page
    @wraps(view)
    def page(request: WorkerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scope = scope_of(request.user)
        if not scope.areas:
            raise Http404
        return view(request, scope, *args, **kwargs)

    return page
