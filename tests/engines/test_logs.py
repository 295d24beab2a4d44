"""What is written down of a request: nothing by which somebody else could act."""

import logging
import runpy
from pathlib import Path

import pytest
from django.conf import settings

from project.discretion import WithoutSecrets, without_secrets

SECRET = "Xy-_12" * 8


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/act/{SECRET}/", "/act/***/"),
        (f"/act/{SECRET}", "/act/***"),
        (f"/calendar/{SECRET}.ics", "/calendar/***.ics"),
        (f"Not Found: /act/{SECRET}/ again /act/{SECRET}", "Not Found: /act/***/ again /act/***"),
        ("/cases/SGF-42-2570-0001/", "/cases/SGF-42-2570-0001/"),
        ("/office/calendar/3/", "/office/calendar/3/"),
        ("", ""),
    ],
)
def test_a_secret_in_an_address_is_not_logged(path: str, logged: str) -> None:
    assert without_secrets(path) == logged


def test_whoever_logs_it_strikes_it_out() -> None:
    record = logging.LogRecord("x", 30, "", 0, "Gone: %s", (f"/act/{SECRET}/",), None)
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Gone: /act/***/"
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["discreet"]
    gunicorn = runpy.run_path(str(Path(settings.BASE_DIR) / "gunicorn.conf.py"))
    atoms = gunicorn["logger_class"].atoms.__globals__
    assert atoms["without_secrets"] is without_secrets
