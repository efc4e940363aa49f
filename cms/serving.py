"""What the processes of ``cms run`` start with. Each ends when the process that started it is gone."""

import os
import signal
import threading
import time

from cms.cli.serve import lead
from cms.config import Settings, default_site
from cms.live import LiveSite

#: Seconds between two looks at the parent.
POLL = 0.25


def live_site() -> LiveSite:
    """Return the site for one worker of the server."""
    follow_parent()
    return LiveSite(Settings.load(default_site(), os.environ))


def follow_parent() -> None:
    """End this process when its parent dies: a killed server must not leave workers that go on answering.

    The parent says who it is, because it may be gone before this process has got so far as to look.
    """
    parent = int(os.environ["CMS_SERVER_PID"])

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL)
        os._exit(1)

    threading.Thread(target=watch, name="cms-parent", daemon=True).start()


def main() -> None:
    """Lead: run jobs and keep the index, as a child of ``cms run``."""
    follow_parent()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_args: stop.set())
    # Ctrl-C goes to the whole group; the server tells us when it has ended.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lead(Settings.load(default_site(), os.environ), stop)


if __name__ == "__main__":
    main()
