#!/usr/bin/env python3
"""Fetch the front-end files that Sajja keeps in its own tree, at the versions written here.

Needs npm and a network; the running product needs neither. Run it after a change of a version,
of scripts/vendor/tabler.scss or of scripts/vendor/icons.txt, then commit what it wrote:
project/static/vendor/, cases/papers/fonts/, tests/vendor/ and docs/vendor.md.
"""

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "project" / "static" / "vendor"
TESTS = ROOT / "tests" / "vendor"
PAPERS = ROOT / "cases" / "papers" / "fonts"
SASS_VERSION = "1.101.7"


@dataclass(frozen=True)
class Package:
    """One npm package: what it is for and the files that are taken as they are."""

    name: str
    version: str
    licence: str
    purpose: str
    files: tuple[tuple[str, Path], ...] = ()
    home: Path = STATIC  # its licence is kept in the folder `licences` there
    licence_file: str = "LICENSE"


def fonts(family: str, scripts: tuple[str, ...], weights: tuple[int, ...]) -> tuple:
    """Pairs of package path and target for the woff2 files of a font family."""
    names = [f"{family}-{script}-{w}-normal.woff2" for script in scripts for w in weights]
    return tuple((f"files/{name}", STATIC / "fonts" / name) for name in names)


def paper_fonts(family: str) -> tuple:
    """Pairs of package path and target for the TTF files of a family: PDFs take no woff2."""
    styles = ("400Regular", "700Bold")
    return tuple((f"{s}/{family}_{s}.ttf", PAPERS / f"{family}_{s}.ttf") for s in styles)


TABLER = Package("@tabler/core", "1.6.1", "MIT", "design system, the parts we use")
ICONS = Package("@tabler/icons", "3.51.0", "MIT", "icons, one sprite")
PACKAGES = (
    TABLER,
    ICONS,
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        "partial page loads",
        (("dist/htmx.min.js", STATIC / "htmx.min.js"),),
    ),
    Package(
        "@fontsource/sarabun",
        "5.3.0",
        "OFL-1.1",
        "Thai and Latin letters",
        fonts("sarabun", ("thai", "latin"), (400, 700)),
    ),
    Package(
        "@fontsource/noto-sans-lao",
        "5.3.0",
        "OFL-1.1",
        "Lao letters",
        fonts("noto-sans-lao", ("lao",), (400, 700)),
    ),
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        "accessibility checks, in tests only",
        (("axe.min.js", TESTS / "axe.min.js"),),
        home=TESTS,
    ),
    Package(
        "@expo-google-fonts/sarabun",
        "0.4.1",
        "OFL-1.1",
        "Thai and Latin letters of papers (PDF)",
        paper_fonts("Sarabun"),
        home=PAPERS,
        licence_file="LICENSE_FONT",
    ),
    Package(
        "@expo-google-fonts/noto-sans-lao",
        "0.4.2",
        "OFL-1.1",
        "Lao letters of papers (PDF)",
        paper_fonts("NotoSansLao"),
        home=PAPERS,
        licence_file="LICENSE_FONT",
    ),
)


def npm(*arguments: str, cwd: Path) -> str:
    """Run npm and return what it printed; its failure ends the script."""
    command = [shutil.which("npm") or sys.exit("npm is needed"), *arguments]
    return subprocess.run(command, cwd=cwd, check=True, text=True, stdout=subprocess.PIPE).stdout


def unpack(package: Package, folder: Path) -> Path:
    """Download a package at its pinned version; return the folder with its files."""
    printed = npm("pack", "--silent", f"{package.name}@{package.version}", cwd=folder)
    archive = folder / printed.strip().splitlines()[-1]
    target = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def compile_tabler(source: Path, folder: Path) -> None:
    """Compile the chosen parts of Tabler into one minified style sheet."""
    npm("install", "--silent", "--no-save", "--prefix", ".", f"sass@{SASS_VERSION}", cwd=folder)
    target = STATIC / "tabler.min.css"
    npm(
        *("exec", "--offline", "--prefix", str(folder), "--", "sass", "--no-source-map"),
        *("--style=compressed", "--quiet-deps", "-I", str(source / "scss")),
        *(str(ROOT / "scripts/vendor/tabler.scss"), str(target)),
        cwd=folder,
    )


def build_sprite(source: Path) -> None:
    """Write one SVG with a symbol for each icon named in icons.txt."""
    symbols = []
    for name in (ROOT / "scripts/vendor/icons.txt").read_text().split():
        drawing = (source / "icons" / "outline" / f"{name}.svg").read_text()
        body = "".join(re.findall(r"<(?:path|circle|rect|line)[^>]*/>", drawing))
        body = re.sub(r'<path stroke="none"[^>]*/>', "", body)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"
    (STATIC / "icons.svg").write_text(sprite)


def describe(kept: list[tuple[Package, Path]]) -> str:
    """Return docs/vendor.md: one row a file, with version, licence, size and digest."""
    lines = [
        "# Front-end files and fonts of others that we keep",
        "",
        "Written by `scripts/refresh_vendor.py`, which also pins the versions. No page loads",
        "anything from another server, and no paper is set in fonts of the machine. The licence",
        "texts stand beside the files, under `licences/`.",
        "",
        "| file | from | version | licence | for | bytes, gzip | sha256 (first 16) |",
        "|---|---|---|---|---|---|---|",
    ]
    for package, path in kept:
        data = path.read_bytes()
        size, digest = len(gzip.compress(data, 9, mtime=0)), hashlib.sha256(data).hexdigest()[:16]
        lines.append(
            f"| `{path.relative_to(ROOT)}` | {package.name} | {package.version} "
            f"| {package.licence} | {package.purpose} | {size:,} | `{digest}` |"
        )
    lines += ["", f"Tabler is compiled with sass {SASS_VERSION} from `scripts/vendor/tabler.scss`."]
    return "\n".join(lines) + "\n"


def copy_licence(package: Package, source: Path) -> None:
    """Keep the licence text of a package beside its files."""
    text = source / package.licence_file
    if package is TABLER:
        text = ROOT / "scripts/vendor/tabler-licence.txt"
    target = package.home / "licences" / (package.name.strip("@").replace("/", "-") + ".txt")
    shutil.copyfile(text, target)


def main() -> None:
    """Fetch everything anew and write the table of what is kept."""
    for folder in (STATIC / "fonts", *(package.home / "licences" for package in PACKAGES)):
        folder.mkdir(parents=True, exist_ok=True)
    kept: list[tuple[Package, Path]] = [
        (TABLER, STATIC / "tabler.min.css"),
        (ICONS, STATIC / "icons.svg"),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package in PACKAGES:
            source = unpack(package, folder)
            for path, target in package.files:
                shutil.copyfile(source / path, target)
                kept.append((package, target))
            if package is TABLER:
                compile_tabler(source, folder)
            elif package is ICONS:
                build_sprite(source)
            copy_licence(package, source)
    (ROOT / "docs" / "vendor.md").write_text(describe(kept))


if __name__ == "__main__":
    main()
