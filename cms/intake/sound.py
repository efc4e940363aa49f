"""The question as sound, put together from short recordings of single words (``sounds/``)."""

import io
import wave
from collections.abc import Sequence
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sounds"
#: Chinese word → recording.
WORDS = {
    "零": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9",
    "十": "10", "加": "plus", "减": "minus", "请问": "please", "等于多少": "equals",
}  # fmt: skip
RATE = 11_025
_PAUSE = 0.12


def spoken(words: Sequence[str]) -> bytes:
    """Return the words as a WAV file, one after the other (mono, 8 bits, 11.025 kHz).

    :raises KeyError: for a word without a recording.
    """
    silence = b"\x80" * int(RATE * _PAUSE)
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(silence.join([b"", *(_frames(WORDS[word]) for word in words), b""]))
    return target.getvalue()


@cache
def _frames(name: str) -> bytes:
    with wave.open(str(FOLDER / f"{name}.wav"), "rb") as file:
        return file.readframes(file.getnframes())
