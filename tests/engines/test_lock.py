"""The lock files: complete, consistent, and silent about where packages come from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.engines.demo import BASE_DIR

PROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEMO = RUNTIME + PROJECT["dependency-groups"]["demo"]
DEV = DEMO + PROJECT["dependency-groups"]["dev"]
FILES = {"requirements.txt": RUNTIME, "requirements-demo.txt": DEMO, "requirements-dev.txt": DEV}
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Version by package of one lock file."""
    return dict(PIN.findall((BASE_DIR / name).read_text()))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", FILES)
def test_lock_names_every_wanted_package_in_a_wanted_version(name: str) -> None:
    found = pins(name)
    for wanted in map(Requirement, FILES[name]):
        assert wanted.specifier.contains(found[normal(wanted.name)]), f"make lock: {wanted}"


@pytest.mark.parametrize("name", FILES)
def test_lock_has_hashes_and_no_addresses(name: str) -> None:
    text = (BASE_DIR / name).read_text()
    assert not re.search(r"https?:|file:|^-|^ *--(?!hash=sha256:)", text, re.MULTILINE)
    entries = re.split(r"\n(?=[a-z])", text)
    assert all("--hash=sha256:" in entry for entry in entries)
    named = {re.split(r"\[|==", entry, maxsplit=1)[0] for entry in entries}
    assert named == pins(name).keys()  # a package may have a version for each Python


def test_what_runs_in_production_is_what_was_tested() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-demo.txt").items()
    assert pins("requirements-demo.txt").items() <= pins("requirements-dev.txt").items()
