"""Files of frozen reports, made once and kept: a report that does not change gives the same file to every reader.

The folder can be emptied at any time; what is missing is made again when somebody asks for it.
"""

import hashlib
import json
import logging
import secrets
from pathlib import Path

from cms.api import Cms, Unavailable, get_cms

from .files import OUTPUTS, FileKind
from .format_file import formats
from .outputs import contract
from .reports import Current, final

log = logging.getLogger(__name__)
#: Folder in the site's folder. It is no part of a backup.
FOLDER = "report-files"


def file_of(found: Current, kind: FileKind) -> bytes:
    """Return the report as a file: kept if it is frozen, else made anew.

    :raises Unavailable: if the server lacks what this kind needs.
    """
    if not found.digest:
        return kind.make(found)
    path = _path(found, kind)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        content = kind.make(found)
        _keep(path, content)
        return content


def size_of(found: Current, kind: FileKind) -> int | None:
    """Return the size of the file of a frozen report in bytes, if it has been made."""
    try:
        return _path(found, kind).stat().st_size
    except FileNotFoundError:
        return None


def make_files(cms: Cms, payload: dict[str, object]) -> None:
    """Make the files of a frozen report that are not there yet, so that no reader waits for them.

    A kind that this server cannot make is left out.
    """
    with cms.reading() as session:
        found = final(session, formats(), int(str(payload["year"])))
    for kind in OUTPUTS.values():
        try:
            file_of(found, kind)
        except Unavailable as error:
            log.warning("the report of %d is not made as %s: %s", found.report.year, kind.extension, error)
    _forget(found)


def _name(found: Current) -> str:
    """Return the name of a report's files: another one as soon as the report or its errata are others."""
    # The format's charts are printed too, and a site may correct them after freezing.
    seen = [contract(found.report).get("errata"), [chart.model_dump(mode="json") for chart in found.form.charts]]
    text = json.dumps(seen, ensure_ascii=False)
    digest = hashlib.sha256(f"{found.digest}\n{text}".encode()).hexdigest()
    return f"{found.report.year}-{digest[:32]}"


def _path(found: Current, kind: FileKind) -> Path:
    return Path(get_cms().settings.site) / FOLDER / f"{_name(found)}.{kind.extension}"


def _keep(path: Path, content: bytes) -> None:
    """Keep a file; a reader gets it also where it cannot be kept, for instance on a full disk."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        log.warning("%s cannot be kept: %s", path, error)


def _forget(found: Current) -> None:
    """Remove files of the same year that an erratum has made old."""
    name = _name(found)
    for path in (Path(get_cms().settings.site) / FOLDER).glob(f"{found.report.year}-*"):
        if not path.name.startswith(name):
            path.unlink(missing_ok=True)
