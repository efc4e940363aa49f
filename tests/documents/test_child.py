"""Child processes: their limits, and that none is left behind."""

import os
import subprocess
import sys

import psutil
import pytest

from cms.documents.child import ChildError, Limits, Task, WarmChild, run

PLENTY = Limits(wall=60, cpu=60, megabytes=1500)


def test_child_that_needs_too_much_memory_ends():
    with pytest.raises(ChildError):
        run(Task.READ_PDF, b"%PDF-", Limits(wall=60, cpu=60, megabytes=20))


def test_child_that_takes_too_long_ends():
    before = waiting()

    with pytest.raises(ChildError):
        run(Task.READ_PDF, b"%PDF-", Limits(wall=0, cpu=60, megabytes=1500))

    assert waiting() == before


def test_child_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("CMS_DATA_KEY", "k" * 40)
    child = WarmChild(Task.EXAMINE_PDF, PLENTY)
    child._refill()
    try:
        names = psutil.Process(child._spare.pid).environ()
    finally:
        child.close()

    assert [name for name in names if name.startswith("CMS_")] == []


def test_waiting_child_is_used_once_and_replaced(pdf):
    before = waiting()
    child = WarmChild(Task.EXAMINE_PDF, PLENTY)
    try:
        child.run(b"")
        first = child._spare.pid
        child.run(b"")
        second = child._spare.pid
    finally:
        child.close()

    assert first != second
    assert waiting() == before


def test_waiting_child_that_has_gone_is_no_failure(pdf):
    child = WarmChild(Task.EXAMINE_PDF, PLENTY)
    try:
        child._refill()
        child._spare.kill()
        child._spare.wait()

        assert child.run(b"").startswith(b"[")
    finally:
        child.close()


def test_waiting_child_ends_with_its_parent(pdf):
    script = (
        "from cms.documents.child import *\nfrom cms.documents.child import _start\nimport os\n"
        "child = WarmChild(Task.EXAMINE_PDF, Limits(wall=60, cpu=60, megabytes=1500))\nchild._refill()\n"
        "print(child._spare.pid, flush=True)\nos._exit(0)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)

    psutil.wait_procs([psutil.Process(int(done.stdout))] if psutil.pid_exists(int(done.stdout)) else [], timeout=60)
    assert not psutil.pid_exists(int(done.stdout))


def waiting():
    return [one.pid for one in psutil.Process().children() if "cms.documents.child_main" in one.cmdline()]
