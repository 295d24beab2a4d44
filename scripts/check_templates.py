"""Compile every template of this project; name those that cannot be."""

import sys
from pathlib import Path

import django
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

BASE_DIR = Path(__file__).resolve().parent.parent
APPS = ("project", "workflows", "cases", "notifications")


def main() -> int:
    """Print one line per broken template; 1 when there is any."""
    django.setup()
    broken = 0
    folders = [found for app in APPS for found in (BASE_DIR / app).rglob("templates")]
    files = [file for folder in folders for file in folder.rglob("*.*") if file.is_file()]
    for file in files:
        folder = next(folder for folder in folders if file.is_relative_to(folder))
        try:
            get_template(str(file.relative_to(folder)))
        except (TemplateSyntaxError, TemplateDoesNotExist) as error:
            broken += 1
            print(f"{file.relative_to(BASE_DIR)}: {type(error).__name__}: {error}")
    print(f"{len(files)} templates, {broken} broken")
    return 1 if broken or not files else 0


if __name__ == "__main__":
    sys.path.insert(0, str(BASE_DIR))
    sys.exit(main())
