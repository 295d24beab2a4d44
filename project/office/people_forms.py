"""What an administrator enters about a person and their posts."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import clock
from cases.contact_fields import EmailField, LoginField
from cases.dates import format_date
from cases.fields import EraDateField, NameField
from cases.models import Area, Post, User
from cases.person_fields import PhoneField
from cases.roles import Role, fits

MOST_SUBSTITUTED = 50


class PersonForm(forms.Form):
    """Who somebody is and how they are reached."""

    name = NameField(label=gettext_lazy("Name"), max_length=150)
    email = EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("The invitation and all messages go there."),
    )
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)


class PostForm(forms.Form):
    """A post at an area that was chosen before; offers the roles that can be held there."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    starts_on = EraDateField(label=gettext_lazy("From"))
    ends_on = EraDateField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("The last day, if it is known."),
    )
    acting_for = forms.ModelChoiceField(
        Post.objects.none(),
        label=gettext_lazy("Acting for"),
        required=False,
        help_text=gettext_lazy("Whose post it is, while somebody stands in for them."),
    )

    def __init__(self, *args: Any, area: Area, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, role.label) for role in Role if fits(role, area.code)]
        self.fields["role"].choices = [("", _("Choose")), *roles]  # type: ignore[attr-defined]
        self.fields["role"].help_text = _("Roles that are held at %(area)s.") % {"area": area.name}
        self.fields["starts_on"].initial = clock.today()
        others = Post.objects.filter(area=area, acting_for=None).exclude(user=person)
        latest = others.order_by("-starts_on", "-pk").values("pk")[:MOST_SUBSTITUTED]
        known = Post.objects.filter(pk__in=latest).select_related("user")
        acting: Any = self.fields["acting_for"]
        acting.queryset, acting.empty_label = known.order_by("role", "user__name"), _("Nobody")
        acting.label_from_instance = _substituted


class NewPersonForm(PostForm, PersonForm):
    """A person with their first post and the invitation, in one go."""

    username = LoginField(
        label=gettext_lazy("User name"),
        required=False,
        help_text=gettext_lazy("Left empty: the part of the e-mail address before the @."),
    )
    invite = forms.BooleanField(
        label=gettext_lazy("Send the invitation now"), required=False, initial=True
    )

    field_order = [
        *("name", "email", "username", "phone", "language"),
        *("role", "starts_on", "ends_on", "acting_for", "invite"),
    ]


class EndForm(forms.Form):
    """When a post ends."""

    ends_on = EraDateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Until the end of this day the post is still held."),
    )


def refuse(form: forms.Form, error: ValidationError) -> None:
    """Put what a rule refuses beside the field that it names, or above the form."""
    named = (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )
    for field, words in named.items():
        form.add_error(field if field in form.fields else None, words)


def _substituted(post: Post) -> str:
    span = [format_date(day, style="short") for day in (post.starts_on, post.ends_on) if day]
    return f"{post.get_role_display()}: {post.user} ({' – '.join(span)})"
