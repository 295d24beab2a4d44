"""Programs of the demonstration: their last words reach whoever watches."""

import time
from pathlib import Path

import pytest

from project import processes, programs


def test_a_service_that_ends_by_itself_is_named_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = ["python", "-c", "raise SystemExit('no more work')"]
    living = ["python", "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(programs, "procfile", lambda: {"web": living, "worker": dying})
    with programs.Programs(tmp_path, {}) as running:
        running.start_services()
        with pytest.raises(
            programs.ProgramError, match="worker ended by itself:\nno more work"
        ) as e:
            _check_until_it_fails(running)
        assert str(tmp_path / "logs" / "worker.log") in str(e.value)
        assert [p.cmdline()[1:] for p in processes.supervised(tmp_path)] == [living[1:]]
    assert processes.supervised(tmp_path) == []


def _check_until_it_fails(running: programs.Programs) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        running.check()
        time.sleep(0.05)
