"""Sets a paper: a layout and its data become the bytes of a PDF.

Layouts are typst sources: shared ones stand in `layout/`, a procedure's own beside the procedure.
Whatever people typed travels as JSON in one input and is set as text, never read as markup. The
compiler sees our fonts and `layout/` only: no fonts of the machine, no packages, no network.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from cases.papers.words import on_paper

_HERE = Path(__file__).resolve().parent
LAYOUT, FONTS = _HERE / "layout", _HERE / "fonts"


def render(source: Path, data: dict[str, Any]) -> bytes:
    """The PDF of the layout in the file `source` with `data`, its digits in Thai.

    `data` holds texts, truth values, lists and dicts. Raises typst.TypstError for a layout that
    is wrong, never for what people typed.
    """
    # One compiler a paper: it costs less than a millisecond, and two threads must not share one.
    compiler = typst.Compiler(
        root=LAYOUT, font_paths=_fonts(), ignore_system_fonts=True, package_path=FONTS
    )
    inputs = {"data": json.dumps(on_paper(data), ensure_ascii=False)}
    made = compiler.compile(source.read_bytes(), sys_inputs=inputs, format="pdf")
    if not isinstance(made, bytes):
        raise TypeError(f"{source.name} made {type(made)} instead of one PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    """Our fonts, read once; they are never changed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
