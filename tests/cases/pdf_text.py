"""The text of a PDF as a reader finds it, for tests of papers.

pypdf reads the marks of Thai syllables wrong, since it passes over `ActualText`, in which a PDF
says what a run of glyphs spells; what every reader shows is read here.
"""

import re
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from cases.text import normalise

_BEGINNING = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
# A tone set higher than its vowel is a run of its own that spells the whole syllable again.
_TWICE = re.compile("([\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a]?[\u0e48-\u0e4e])\\1")


def text_of(pdf: bytes) -> str:
    """All pages' text in one line, white space and line breaks gone: Thai has few spaces."""
    return "".join(pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    """Each page's text without white space."""
    return [_page(page) for page in PdfReader(BytesIO(pdf)).pages]


def bare(text: str) -> str:
    """`text` as `text_of` gives it."""
    return re.sub(r"\s", "", normalise(text))


def _page(page: PageObject) -> str:
    fonts = {name: _spelling(font.get_object()) for name, font in _fonts(page).items()}
    content: Any = ContentStream(page.get_contents(), page.pdf)
    found: list[str] = []
    spans: list[bool] = []  # open marked content, and whether it says what it spells
    font: dict[int, str] = {}
    for operands, operator in content.operations:
        match operator:
            case b"Tf":
                font = fonts[operands[0]]
            case b"BDC" | b"BMC":
                said = isinstance(operands[-1], dict) and "/ActualText" in operands[-1]
                spans.append(said)
                if said:
                    found.append(str(operands[-1]["/ActualText"]))
            case b"EMC":
                spans.pop()
            case b"Tj" | b"TJ" if not any(spans):
                found.append(_spelled(operands[0], font))
    return _TWICE.sub(r"\1", bare("".join(found)))


def _fonts(page: PageObject) -> dict[str, Any]:
    resources: Any = page["/Resources"]
    return dict(resources.get("/Font", {}))


def _spelling(font: Any) -> dict[int, str]:
    """Glyph → characters, as the font's ToUnicode table says."""
    table = font["/ToUnicode"].get_object().get_data()
    table = table[table.index(b"beginbfchar") :] if b"beginbfchar" in table else b""
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in _BEGINNING.findall(table)
    }


def _spelled(operand: Any, font: dict[int, str]) -> str:
    parts = operand if isinstance(operand, list) else [operand]
    raw = b"".join(part.original_bytes for part in parts if hasattr(part, "original_bytes"))
    return "".join(font.get(int.from_bytes(raw[i : i + 2]), "") for i in range(0, len(raw), 2))
