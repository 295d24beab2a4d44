"""How Django's forms come out in our markup: label, hint, error, control (DESIGN 7)."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates

# The class of a control by its widget; the first that fits. Groups of radios and of checkboxes
# are laid out by the template around them.
CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.DateInput, "form-control control-short"),
    (forms.NumberInput, "form-control control-short"),
    (forms.Widget, "form-control"),
)


class BoundField(forms.BoundField):
    """A field that knows the class of its control and which kind of markup it needs."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Add the control's class to what Django gives (aria-invalid, aria-describedby)."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        css = next(css for kind, css in CONTROL_CLASSES if isinstance(widget, kind))
        classes = f"{widget.attrs.get('class', '')} {css}".strip()
        return {**attrs, "class": classes} if classes else attrs

    @property
    def example(self) -> str:
        """How an entry may look; "" where the widget names none (see cases/widgets.py)."""
        return getattr(self.field.widget, "example", str)()

    @property
    def aria_describedby(self) -> str | None:
        """Help text and error as Django gives them, and the example."""
        described = super().aria_describedby
        if self.example and described is not None:
            return f"{described} {self.auto_id}_example".strip()
        return described

    @property
    def is_checkbox(self) -> bool:
        """A single box to tick: its label stands behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)


class Renderer(DjangoTemplates):
    """Set as FORM_RENDERER, so that `{{ form }}` and `{{ field.as_field_group }}` are ours."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField
