from django import forms
from django.utils.translation import gettext_lazy as _

from project.demo.time_travel import MOST_DAYS


class AdvanceForm(forms.Form):
    """How many days the clock is to move ahead."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=MOST_DAYS)
