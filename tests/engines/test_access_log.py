"""What the web server writes down of a request: nothing by which somebody else could act."""

import runpy
from pathlib import Path

import pytest
from django.conf import settings

HIDE = runpy.run_path(str(Path(settings.BASE_DIR) / "gunicorn.conf.py"))["without_secret"]


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/act/Xy-_12/", "/act/***/"),
        ("/act/Xy-_12", "/act/***"),
        ("/calendar/Xy-_12.ics", "/calendar/***.ics"),
        ("/cases/SGF-42-2570-0001/", "/cases/SGF-42-2570-0001/"),
        ("/office/calendar/3/", "/office/calendar/3/"),
        ("", ""),
    ],
)
def test_a_secret_in_an_address_is_not_logged(path: str, logged: str) -> None:
    assert HIDE(path) == logged
