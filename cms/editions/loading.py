"""Reading the editions from their files, with what a site corrects in files of its own.

A mistake in a file is told with its place and what is wrong there; a site with a wrong file does not start.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from cms.editions.edition import AnswerKind, Edition, Editions, Remedy
from cms.kernel.errors import CmsError

FOLDER = Path(__file__).parent / "data"
#: Name of the file whose remedies all editions share.
REMEDIES = "remedies"
#: What a text may leave open for the letter: what was asked, how to get it, the wording of the grounds, the facts,
#: the organ that is right instead; in remedies the organ of 行政复议 and the court.
TOKENS = frozenset({"information", "access", "ground", "reason", "organ"})
REMEDY_TOKENS = frozenset({"review_organ", "court"})
#: Tables of a file whose keys are the codes of what they hold.
_KEYED = ("results", "answers", "contents", "applicant_classes", "moves")
_TOKEN = re.compile(r"\{([^{}]*)\}")
Table = dict[str, Any]
T = TypeVar("T")


class EditionError(CmsError):
    """A file of an edition is wrong; the message names file, place and problem."""


@cache
def bundled_editions() -> Editions:
    """Return the editions as the product brings them; read once, because they are part of the code."""
    return _build(_bundled(), ())


def load_editions(folder: Path) -> Editions:
    """Return the editions with what the files in ``folder`` correct; the bundled ones if there are none.

    A file is named like the bundled one, has its form, and holds only what differs.
    :raises EditionError: if a file corrects nothing that exists, or makes the edition wrong.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        return bundled_editions()
    files = _bundled()
    changed: list[str] = []
    for path in paths:
        if path.stem not in files:
            raise EditionError(f"{path.name}: there is no such file to correct; known are {', '.join(sorted(files))}")
        changed += _merge(files[path.stem], _parse(path), path.stem)
    return _build(files, changed)


def _bundled() -> dict[str, Table]:
    return {path.stem: _parse(path) for path in sorted(FOLDER.glob("*.toml"))}


def _parse(path: Path) -> Table:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditionError(f"{path.name}: {error}") from error


def _merge(base: Table, other: Table, file: str, place: str = "") -> Iterator[str]:
    """Put the values of ``other`` into ``base``; yield the places that changed. New tables are mistakes.

    Only the remedies may grow: a law that changes brings a paragraph with a date of its own.
    """
    for key, value in other.items():
        here, old = f"{place}{key}", base.get(key)
        is_new_remedy = old is None and file == REMEDIES and not place
        if isinstance(old, dict) and isinstance(value, dict):
            yield from _merge(old, value, file, f"{here}.")
        elif (isinstance(old, dict) or isinstance(value, dict)) and not is_new_remedy:
            raise EditionError(f"{file}.toml: {here}: there is nothing of that form and name to correct")
        elif old != value:
            base[key] = value
            yield f"{file}: {here}"


def _build(files: Mapping[str, Table], overrides: Sequence[str]) -> Editions:
    remedies = _coded(files[REMEDIES], f"{REMEDIES}.toml")
    _read(list[Remedy], remedies, f"{REMEDIES}.toml")
    editions = [
        _edition(f"{name}.toml", {**raw, "remedies": remedies}) for name, raw in files.items() if name != REMEDIES
    ]  # fmt: skip
    return Editions(_checked(editions), overrides)


def _edition(file: str, raw: Table) -> Edition:
    prepared = dict(raw)
    for name in _KEYED:
        prepared[name] = _coded(raw.get(name, {}), file, f"{name}.")
    prepared["clocks"] = {said["code"]: said for said in _coded(raw.get("clocks", {}), file, "clocks.")}
    if "fees" in raw:
        prepared["fees"] = {**raw["fees"], "bases": _coded(raw["fees"].get("bases", {}), file, "fees.bases.")}
    kinds: dict[str, list[str]] = {}
    for answer in prepared["answers"]:
        for code in answer.get("results", ()):
            kinds.setdefault(code, []).append(answer["code"])
    for result in prepared["results"]:
        result["answer_kinds"] = kinds.get(result["code"], [])
    edition = _read(Edition, prepared, file)
    problems = [*_problems(edition)]
    if problems:
        raise EditionError(f"{file}: " + "; ".join(problems))
    return edition


def _coded(table: Table, file: str, place: str = "") -> list[Table]:
    """Return the tables below ``table`` with their keys as codes."""
    for code, said in table.items():
        if not isinstance(said, dict):
            raise EditionError(f"{file}: {place}{code}: must be a table")
    return [{**said, "code": code} for code, said in table.items()]


def _read(kind: type[T], raw: Any, file: str) -> T:  # noqa: ANN401 — what TOML gave
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError as error:
        lines = [f"{_place(one['loc'], raw)}: {one['msg']}" for one in error.errors()]
        raise EditionError(f"{file}: " + "; ".join(lines)) from error


def _place(loc: tuple[int | str, ...], raw: Any) -> str:  # noqa: ANN401 — goes down into the raw file
    """Return where a problem is, in the words of the file: ``results.A3.1.label``, not ``results.0.label``."""
    names, here = [], raw
    for step in loc:
        if isinstance(here, list) and isinstance(step, int):
            here = here[step] if step < len(here) else None
            names.append(str(here["code"] if isinstance(here, dict) and "code" in here else step))
        else:
            here = here.get(step) if isinstance(here, dict) else None
            names.append(str(step))
    return ".".join(names) or "(file)"


def _problems(edition: Edition) -> Iterator[str]:
    results = {result.code: result for result in edition.results}
    for answer in edition.answers:
        yield from (
            f"answers.{answer.code}.results: there is no result {code!r}"
            for code in answer.results if code not in results
        )  # fmt: skip
        yield from (
            f"answers.{answer.code}.grounds: result {code!r} has no ground"
            for code in answer.grounds if code not in results or not results[code].ground
        )  # fmt: skip
        yield from _token_problems(answer)
    for result in edition.results:
        if not result.answer_kinds:
            yield f"results.{result.code}: no answer ends in it"
    for remedy in edition.remedies:
        for token in set(_TOKEN.findall(remedy.text)) - REMEDY_TOKENS:
            yield f"remedies.{remedy.code}.text: unknown token {{{token}}}"


def _token_problems(answer: AnswerKind) -> Iterator[str]:
    used = set(_TOKEN.findall(answer.text))
    for token in sorted(used - TOKENS):
        yield f"answers.{answer.code}.text: unknown token {{{token}}}"
    if bool(answer.grounds) != ("ground" in used):
        yield f"answers.{answer.code}: grounds and the token {{ground}} need each other"
    if bool(answer.letter) != bool(answer.text):
        yield f"answers.{answer.code}: a letter needs a text, and a text a letter"


def _checked(editions: list[Edition]) -> list[Edition]:
    """Check what holds between editions: no gap in time, and moves that lead to a code of the other edition."""
    ordered = sorted(editions, key=lambda one: one.in_force_from)
    for earlier, later in pairwise(ordered):
        if earlier.in_force_to is None or (later.in_force_from - earlier.in_force_to).days != 1:
            raise EditionError(f"{earlier.id}.toml: in_force_to must be the day before {later.in_force_from}")
        for here, there in ((earlier, later), (later, earlier)):
            codes = {move.code for move in there.moves}
            lost = [f"{move.code} → {move.to}" for move in here.moves if move.to and move.to not in codes]
            unmoved = [result.code for result in here.results if result.code not in {one.code for one in here.moves}]
            if lost or unmoved:
                raise EditionError(f"{here.id}.toml: moves: " + "; ".join([*lost, *unmoved]) + " lead nowhere")
    return ordered
