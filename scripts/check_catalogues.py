"""Check that every text of Sajja stands in Thai and Lao: complete, compiled, placeholders kept.

With `--write` (`make messages`) it first brings the catalogues up to date: new texts are added
with an empty translation, those that are gone removed, and the result compiled. No gettext
program is needed: the texts are found with Babel, templates go through Django's own templatize.

English is the language of the texts themselves and has no catalogue.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent
LOCALE_DIR = BASE_DIR / "project" / "locale"
LANGUAGES = ("th", "lo")
OURS = ("project", "workflows", "cases", "notifications")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# What of Django a user can meet: Django has no Lao, and its Thai lacks many. These are the
# modules that run under our pages. Left out are those that do not: other languages' names, the
# admin and its permissions, debugging pages, generic views that we do not use.
DJANGO = Path(django.__file__).parent
DJANGO_CATALOGUES = ("conf", "contrib/auth", "contrib/humanize")
DJANGO_MODULES = (
    "contrib/auth/base_user.py",
    "contrib/auth/forms.py",
    "contrib/auth/password_validation.py",
    "contrib/auth/validators.py",
    "contrib/humanize/templatetags/",
    "core/",
    "db/models/",
    "forms/",
    "template/",
    "utils/",
)
# Of Django's user only what its forms show: the rest are permissions, which Sajja does not use.
USER_FIELDS = ("username", "email address", "A user with that username already exists.")

_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?\d*[sdrX]|\{\w*\}")

Found = tuple[str | list[str] | tuple[str, ...], str | None, list[str]]


def wanted() -> Catalog:
    """Every text that needs a translation: ours, and of Django what a user can meet."""
    catalog = Catalog(fuzzy=False)
    for text, context, places in (*_of_django(), *_of_ours()):
        catalog.add(text, context=context, locations=[(place, 0) for place in places])
    return catalog


def _of_ours() -> Iterator[Found]:
    files = [file for app in OURS for file in sorted((BASE_DIR / app).rglob("*.*"))]
    for file in files:
        if file.suffix == ".py" and "migrations" not in file.parts:
            source = file.read_text(encoding="utf-8")
        elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
            # Indented text between the tags would be read as indented code.
            lines = templatize(file.read_text(encoding="utf-8")).splitlines()
            source = "\n".join(line.strip() for line in lines)
        else:
            continue
        place = str(file.relative_to(BASE_DIR))
        code = BytesIO(source.encode())
        for _line, text, _comments, context in extract("python", code, KEYWORDS):
            yield text, context, [place]


def _of_django() -> Iterator[Found]:
    for part in DJANGO_CATALOGUES:
        with (DJANGO / part / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
            source = read_po(file)
        for message in source:
            places = [place for place, _line in message.locations if _met(message, place)]
            if message.id and places:
                yield message.id, message.context, [f"django/{place}" for place in places]


def _met(message: Message, place: str) -> bool:
    """Whether a user can meet Django's text: of models only the errors, which are sentences.

    What else a model field carries is its description for Django's admin documentation.
    """
    if place.startswith("db/models/"):
        return str(message.id).endswith(".")
    if place.startswith("contrib/auth/models.py"):
        return message.id in USER_FIELDS
    return place.startswith(DJANGO_MODULES)


def write(language: str, template: Catalog) -> None:
    """Bring one catalogue up to date with `template` and compile it; translations are kept."""
    catalog = read(language)
    template.creation_date = catalog.creation_date  # or every run would change the file
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with _file(language, "po").open("wb") as file:
        write_po(file, catalog, width=99, include_lineno=False)
    _file(language, "mo").write_bytes(compiled(read(language)))


def read(language: str) -> Catalog:
    """The catalogue of `language` as it stands in the repository."""
    with _file(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """What `django.mo` has to hold."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def _forms(text: Any) -> tuple[str, ...]:
    """A text, singular and plural or alone, as Babel's readers give it in various ways."""
    return (text,) if isinstance(text, str) else tuple(text)


def faults(catalog: Catalog, template: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue: missing, superfluous, untranslated or broken texts."""
    for message in template:
        translated = catalog.get(message.id, message.context) if message.id else None
        if message.id and translated is None:
            yield f"missing: {message.id!r}"
        elif translated is not None:
            yield from _broken(translated, catalog.num_plurals)
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer in use: {message.id!r}"


def _broken(message: Message, plurals: int) -> Iterator[str]:
    strings = _forms(message.string)
    if len(strings) != (plurals if message.pluralizable else 1) or not all(strings):
        yield f"untranslated: {message.id!r}"
    elif message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    else:
        source = placeholders(_forms(message.id)[-1])
        for string in strings:
            if placeholders(string) != source:
                yield f"other placeholders: {message.id!r} -> {string!r}"


def placeholders(text: str) -> Counter[str]:
    """What is filled in while the program runs, each as often as it stands in `text`."""
    return Counter(_PLACEHOLDER.findall(text))


def _file(language: str, ending: str) -> Path:
    return LOCALE_DIR / language / "LC_MESSAGES" / f"django.{ending}"


def main(*, writing: bool) -> int:
    """Print one line per fault; 1 when there is any."""
    template, found = wanted(), 0
    for language in LANGUAGES:
        if writing:
            write(language, template)
        catalog = read(language)
        wrong = list(faults(catalog, template))
        if _file(language, "mo").read_bytes() != compiled(catalog):
            wrong.append("django.mo is stale: run `make messages`")
        found += len(wrong)
        for fault in wrong:
            print(f"{language}: {fault}")
        print(f"{language}: {len(template)} texts, {len(wrong)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(writing="--write" in sys.argv))
