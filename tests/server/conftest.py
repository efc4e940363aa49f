"""What only tests of processes need."""

import psutil
import pytest


@pytest.fixture(scope="session")
def gone():
    """Return a function that tells whether a process ends within some seconds."""

    def wait(process, seconds=25):
        try:
            process.wait(seconds)
        except psutil.NoSuchProcess:
            return True
        except psutil.TimeoutExpired:
            return process.status() == psutil.STATUS_ZOMBIE
        return True

    return wait


@pytest.fixture
def serve(cms_run):
    return cms_run
