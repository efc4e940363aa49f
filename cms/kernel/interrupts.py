"""Telling a Ctrl-C from a ``KeyboardInterrupt`` that code has raised by itself."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class FalseInterruptError(Exception):
    """Code raised ``KeyboardInterrupt`` although nobody had asked it to stop."""

    def __init__(self) -> None:
        super().__init__("KeyboardInterrupt without Ctrl-C")


@contextmanager
def foreign_code() -> Iterator[None]:
    """Run code of others: Ctrl-C stops it and us, an interrupt that it only claims is an error like any other.

    Signals reach the main thread only, so in every other thread an interrupt is never a real one.

    :raises FalseInterruptError: in place of a KeyboardInterrupt that no signal has caused.
    """
    asked = False
    before = signal.getsignal(signal.SIGINT)
    is_watched = threading.current_thread() is threading.main_thread() and callable(before)

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        if callable(before):
            before(number, frame)

    if is_watched:
        signal.signal(signal.SIGINT, note)
    try:
        yield
    except KeyboardInterrupt as error:
        if asked:
            raise
        raise FalseInterruptError from error
    finally:
        if is_watched and signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, before)
