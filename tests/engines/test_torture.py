"""One tiny round of the torture, with everything real (docs/operations/torture-and-bench.md)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from project.embedded.place import private_folder_of
from tests.engines.demo import BASE_DIR, plain_environment, traces_of


@pytest.mark.long
def test_a_round_loses_and_doubles_nothing(run_dir: Path) -> None:
    size = {"ROUNDS": "1", "DEADLINES": "200", "SEED": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture"],
        cwd=BASE_DIR,
        env=plain_environment(SAJJA_RUN_DIR=str(run_dir), **size),
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(private_folder_of(run_dir / "torture"), ignore_errors=True)
    first, one_round, result = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert first == "seed 1: 1 rounds of 200 deadlines"
    for struck in ("sweeper", "postgres", "redis"):
        assert struck in one_round
    counts = json.loads(result)
    assert counts.pop("wire_duplicates") >= 0
    assert counts == {"rounds": 1, "rungs": 320, "lost": 0, "doubled": 0}
    assert traces_of(run_dir) == []
