"""Freezing: the whole report and the records behind it as one JSON text, sealed by its SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from cms.api import CmsError
from cms.api import gettext as _

from .models import AnnualReport
from .records import Entries
from .report import Report


class BrokenSnapshotError(CmsError):
    """The stored snapshot is not what was frozen."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A frozen report with the records behind each counted figure, by code, in the order of their list."""

    report: Report
    records: Mapping[str, Entries]


@cache
def _adapter() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


@cache
def _report_adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def seal(snapshot: Snapshot) -> tuple[str, str]:
    """Return the snapshot as JSON, in the order of the report, and its SHA-256."""
    plain = _adapter().dump_python(snapshot, mode="json")
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return text, digest_of(text)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a snapshot, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def unseal(row: AnnualReport) -> Snapshot:
    """Return what was frozen.

    :raises BrokenSnapshotError: if the stored text does not have the stored digest.
    """
    _check(row)
    return _adapter().validate_json(row.snapshot)


def unseal_report(row: AnnualReport) -> Report:
    """Return the report that was frozen, without the records behind it.

    :raises BrokenSnapshotError: if the stored text does not have the stored digest.
    """
    _check(row)
    return _report_adapter().validate_python(json.loads(row.snapshot)["report"])


def _check(row: AnnualReport) -> None:
    if digest_of(row.snapshot) != row.digest:
        raise BrokenSnapshotError(_("{year} 年度报告的固化内容校验不符（SHA-256）。").format(year=row.year))
