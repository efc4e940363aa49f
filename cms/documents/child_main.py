"""The child process of :mod:`cms.documents.child`: ``python -m cms.documents.child_main TASK SECONDS MEGABYTES``."""

import resource
import select
import sys
from collections.abc import Callable

from cms.documents.child import KNOWN_PROBLEM, ChildError, Task

#: A child that waits for work longer than this many seconds ends.
_PATIENCE = 300


def main() -> int:
    """Set the limits, load what the task needs, do it once."""
    task, cpu, megabytes = Task(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        work = _prepared(task)
        if not select.select([sys.stdin], [], [], _PATIENCE)[0]:
            return 0
        data = sys.stdin.buffer.read()
        sys.stdout.buffer.write(work(data))
    except ChildError as error:
        sys.stdout.buffer.write(error.reason.encode())
        return KNOWN_PROBLEM
    return 0


def _prepared(task: Task) -> Callable[[bytes], bytes]:
    """Return the function that does ``task``, with its libraries loaded."""
    if task is Task.READ_PDF:
        from cms.documents.readers.pdf_child import read  # noqa: PLC0415 — a child loads what its task needs

        # Reading writes nothing.
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        return read
    if task is Task.DRAW_PDF:
        from cms.documents.drawing_child import draw  # noqa: PLC0415 — as above

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        return draw
    from cms.documents.writers.pdf_child import examined, prepared  # noqa: PLC0415 — as above

    return examined if task is Task.EXAMINE_PDF else prepared()


if __name__ == "__main__":
    sys.exit(main())
