"""What a demonstration is made of: its environment, its accounts, what it says of itself."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

ACCOUNT_FIELDS = ("username", "password", "role", "area", "language")


def environment(run_dir: Path, url: str) -> dict[str, str]:
    """The variables that make an installation a demonstration, with a secret key of its own."""
    return {
        "SAJJA_DEMO": "1",
        "SAJJA_RUN_DIR": str(run_dir),
        "SECRET_KEY": _secret_key(run_dir / "secret-key"),
        "BASE_URL": url,
    }


def _secret_key(file: Path) -> str:
    """Generated once, so that sessions outlive a restart."""
    if not file.exists() or not file.read_text():
        _write_private(file, secrets.token_urlsafe(50))
    return file.read_text()


def write_env_file(run_dir: Path, env: Mapping[str, str]) -> None:
    """Let `manage.py` find the running demonstration (project/settings.py reads this file)."""
    lines = [f"{name}='{value}'" for name, value in env.items()]
    _write_private(run_dir / "env", "\n".join(lines) + "\n")


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)


def accounts() -> list[dict[str, str]]:
    """The people whom a visitor can sign in as."""
    from project.demo.accounts import ACCOUNTS

    return [{name: str(getattr(account, name)) for name in ACCOUNT_FIELDS} for account in ACCOUNTS]


def write_description(run_dir: Path, url: str) -> None:
    """demo.json, for programs: where the demonstration answers and who can sign in."""
    content = json.dumps({"url": url, "accounts": accounts()}, ensure_ascii=False, indent=2)
    (run_dir / "demo.json").write_text(content + "\n")


def account_table() -> str:
    """The accounts as a table for the terminal."""
    rows = [ACCOUNT_FIELDS, *(tuple(account.values()) for account in accounts())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(ACCOUNT_FIELDS))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)
