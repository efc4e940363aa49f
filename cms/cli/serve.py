"""``cms run`` and ``cms worker``."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import click

import cms
from cms.cli.context import done, settings_of
from cms.cli.upgrading import upgrade_site
from cms.config import Settings
from cms.jobs.leader import leader_lock, server_lock
from cms.kernel.errors import CmsError
from cms.live import LiveSite
from cms.pagecache.folder import clear
from cms.web.background import work

#: Seconds between two looks of the leader at what is due.
PAUSE = 0.2
#: Seconds after which a leader that died is started again: the first pause, and the longest if it dies at once.
RESTART, LONGEST_RESTART = 1.0, 60.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
def run(host: str, port: int, workers: int) -> None:
    """Serve the site. A site made by an older version is snapshotted and migrated first."""
    settings = settings_of()
    lock = server_lock(settings.site)
    if not lock.acquire():
        raise CmsError(f"process {lock.holder} serves {settings.site} already; stop it first")
    names = upgrade_site(settings)
    if names:
        done(f"migrated: {', '.join(names)} (a snapshot is in {settings.site / 'snapshots'})")
    if settings.public_url == Settings.public_url:
        # Nobody has said otherwise, so the address is the one served here.
        os.environ["CMS_PUBLIC_URL"] = f"http://{host}:{port}"
    clear(settings)
    os.environ.update(CMS_SITE=str(settings.site), CMS_SERVER_PID=str(os.getpid()))
    stop = threading.Event()
    threading.Thread(target=_keep_leader, args=(stop,), name="cms-leader", daemon=True).start()
    done(f"serving {settings.site} on http://{host}:{port}{settings.base_path}/ with {workers} workers")
    try:
        _serve(host, port, workers)
    finally:
        stop.set()
        clear(settings)
        lock.release()


def _serve(host: str, port: int, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415 — slow; needed by this command only
    from granian.constants import Interfaces  # noqa: PLC0415 — as above
    from granian.log import LogLevels  # noqa: PLC0415 — as above

    server = Granian(
        "cms.serving:live_site", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=4, factory=True, respawn_failed_workers=True, websockets=False, log_level=LogLevels.warning,
        workers_kill_timeout=10,
    )  # fmt: skip
    server.serve()


@click.command()
def worker() -> None:
    """Run scheduled work and keep the search index; waits while another process does."""
    settings = settings_of()
    stop = threading.Event()

    def finish(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    lead(settings, stop)


def lead(settings: Settings, stop: threading.Event) -> None:
    """Wait for the leader's lock, then do what is due until told to stop."""
    lock = leader_lock(settings.site)
    while not lock.acquire():
        if stop.wait(PAUSE):
            return
    live = LiveSite(settings, poll=None)
    try:
        while not stop.is_set():
            live.refresh()
            app = live.app
            with app.app_context():
                # Handlers and jobs of plugins ask for the present app, as in a request.
                done_something = work(app.extensions["cms"])
            if not done_something:
                stop.wait(PAUSE)
    finally:
        live.close()
        lock.release()


def _keep_leader(stop: threading.Event) -> None:
    """Keep a leader process running beside the workers; start it again, ever more slowly, if it dies."""
    pause = 0.0
    while not stop.is_set():
        began = time.monotonic()
        process = subprocess.Popen(_leader_command())  # noqa: S603 — our own interpreter and our own package
        while process.poll() is None and not stop.wait(PAUSE):
            pass
        if stop.is_set():
            process.terminate()
            return
        pause = next_pause(pause, time.monotonic() - began)
        click.echo(
            f"the leader process ended with code {process.returncode}; until it runs again nothing is published on "
            f"schedule and the search index waits; next start in {pause:.0f} s",
            err=True,
        )
        stop.wait(pause)


def next_pause(pause: float, lived: float) -> float:
    """Return the seconds to wait before a leader that ``lived`` so long is started again.

    :param pause: the wait before its last start; 0 before the first.
    """
    return RESTART if lived > LONGEST_RESTART else min(max(RESTART, pause * 2), LONGEST_RESTART)


def _leader_command() -> list[str]:
    """Return the command of a leader that runs the very package that runs here, installed or in a checkout.

    ``-P`` keeps the working directory off its import path, so that nothing that lies there is taken for a module.
    """
    folder = str(Path(cms.__file__).parents[1])
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import cms; del sys.path[0]; import cms.serving as s; s.main()"
    )
    return [sys.executable, "-P", "-c", script, folder]
