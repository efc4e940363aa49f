"""Writing everything that is needed to make the site again: departments, sections, items with files, registers."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from gzip import open as open_gzip
from pathlib import Path
from shutil import copyfile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.models import Department
from cms.catalogue.models import CatalogueEntry
from cms.content import markup, queries
from cms.content.enums import AssetRole, PublicationAction, State
from cms.content.fields import fields_of
from cms.content.models import Content, Publication, Redirect, Revision
from cms.content.snapshot import AssetUse, Snapshot
from cms.content.types import META
from cms.exchange.calendar import calendar_records
from cms.exchange.importing import CATALOGUE
from cms.exchange.records import CATALOGUE_KEYS
from cms.exchange.standing import exclusion_of, last_withdrawal
from cms.kernel.clock import local
from cms.media.models import Asset
from cms.media.store import FileStore
from cms.personal.keyring import key_id_of
from cms.registers.models import Tally
from cms.sections.queries import tree

#: What an export can hold; personal data travel sealed, and only if they are asked for.
CONTENT, REGISTERS, PERSONAL = "content", "registers", "personal"
#: Yields the records of a register that a plugin keeps, each with its key ``record``; its importer takes them in.
Exporter = Callable[[Session], Iterator[Mapping[str, Any]]]


def export_file(
    session: Session, store: FileStore, path: Path, what: frozenset[str], exporters: Iterable[Exporter] = ()
) -> int:
    """Write ``what`` to ``path``, the assets into ``<path>.assets/`` beside it; return the number of lines.

    :param exporters: of the registers that plugins keep.
    """
    folder = path.with_name(f"{path.name}.assets")
    lines = 0
    with open_gzip(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as file:
        for record in records(session, store, folder, what, exporters):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            lines += 1
    return lines


def records(
    session: Session, store: FileStore, folder: Path, what: frozenset[str], exporters: Iterable[Exporter] = ()
) -> Iterator[Mapping[str, Any]]:
    """Yield the records, those first that others refer to."""
    departments = {row.id: row.name for row in session.scalars(select(Department).order_by(Department.position))}
    for row in session.scalars(select(Department).order_by(Department.position)):
        yield {"record": "department", "name": row.name, "phone": row.phone, "duties": row.duties}
    sections = tree(session)
    for section in sections.walk():
        yield {
            "record": "section", "path": section.path, "title": section.title, "description": section.description,
            "keywords": section.keywords, "column_type": section.column_type, "default_type": section.default_type,
            "in_navigation": section.in_navigation, "review_steps": section.review_steps,
            "update_days": section.update_days, "department": departments.get(section.department_id or 0, ""),
            "defaults": section.defaults,
        }  # fmt: skip
    if CONTENT in what:
        paths = {section.id: section.path for section in sections.by_id.values()}
        for content_id in session.scalars(
            select(Content.id).where(Content.deleted_at.is_(None)).order_by(Content.id)
        ).all():
            yield _content(session, store, folder, content_id, paths, departments)
            session.expunge_all()
    if REGISTERS in what:
        yield from calendar_records(session)
        yield from _tallies(session, departments)
        for exporter in exporters:
            for record in exporter(session):
                yield record if PERSONAL in what else without_sealed(record)


def without_sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record in which sealed texts are empty, however deep they lie."""
    return {key: _without_sealed(value) for key, value in record.items()}


def _without_sealed(value: Any) -> Any:  # noqa: ANN401 — a value of JSON
    if isinstance(value, str):
        return "" if key_id_of(value) is not None else value
    if isinstance(value, Mapping):
        return without_sealed(value)
    return [_without_sealed(one) for one in value] if isinstance(value, (list, tuple)) else value


def _content(  # noqa: PLR0917 — what a record is made of
    session: Session,
    store: FileStore,
    folder: Path,
    content_id: int,
    paths: dict[int, str],
    departments: dict[int, str],
) -> dict[str, Any]:
    content = session.get_one(Content, content_id)
    log = queries.publications(session, content_id)
    revision = session.get_one(Revision, _shown_revision(content, log))
    snapshot = Snapshot.from_json(revision.snapshot)
    entry = session.get(CatalogueEntry, content_id)
    withdrawal = last_withdrawal(log)
    body, assets = _with_files(session, store, folder, snapshot)
    record = {
        "type": content.type, "title": snapshot.title, "body": body, "summary": snapshot.summary,
        "section": paths[snapshot.section_id], "issuer": snapshot.issuer, "source": snapshot.source,
        "keywords": list(snapshot.keywords), "department": departments.get(snapshot.department_id or 0, ""),
        "published_on": local(content.first_published_at).isoformat() if content.first_published_at else "",
        "expires_on": local(snapshot.expires_at).isoformat() if snapshot.expires_at else "",
        "index_no": (entry.index_no or "") if entry else "", "state": _state(content), "assets": assets,
        "external_id": content.external_id or f"export-{content.id}", "fields": dict(snapshot.parts.get(META, {})),
        "old_urls": list(session.scalars(select(Redirect.path).where(Redirect.content_id == content_id))),
        "exclusion": exclusion_of(log).value, "reason": withdrawal.reason if withdrawal else "",
        **_catalogue(snapshot),
    }  # fmt: skip
    return {key: value for key, value in record.items() if value not in ("", [], {}) or key in {"title", "body"}}


def _shown_revision(content: Content, log: Sequence[Publication]) -> int | None:
    """Return the revision that is public or was so last; a draft after it is nobody's record yet."""
    published = (line.revision_id for line in log if line.action is PublicationAction.PUBLISHED)
    return content.live_revision_id or next((one for one in published if one), content.latest_revision_id)


def _state(content: Content) -> str:
    """Return the state under which the figures of the other site will be the same."""
    if content.live_revision_id is not None:
        return State.PUBLISHED.value
    if content.first_published_at is None:
        return State.DRAFT.value
    return (State.EXPIRED if content.state is State.EXPIRED else State.WITHDRAWN).value


def _catalogue(snapshot: Snapshot) -> dict[str, Any]:
    values = snapshot.parts.get(CATALOGUE, {})
    given = {spec.name: values.get(spec.name) for spec in fields_of(CatalogueEntry) if spec.editable}
    filled = {name: value for name, value in given.items() if value not in (None, "", [])}
    others = {name: value for name, value in filled.items() if name not in CATALOGUE_KEYS}
    return {name: value for name, value in filled.items() if name in CATALOGUE_KEYS} | {"catalogue": others}


def _with_files(
    session: Session, store: FileStore, folder: Path, snapshot: Snapshot
) -> tuple[str, list[dict[str, str | bool]]]:
    uses = {use.asset_id: use for use in snapshot.assets}
    for asset_id in markup.media_ids(snapshot.body):
        uses.setdefault(asset_id, AssetUse(asset_id=asset_id, role=AssetRole.INLINE))
    if snapshot.cover_id:
        uses.setdefault(snapshot.cover_id, AssetUse(asset_id=snapshot.cover_id, role=AssetRole.COVER))
    body = snapshot.body
    found: list[dict[str, str | bool]] = []
    for use in uses.values():
        asset = session.get(Asset, use.asset_id)
        if asset is None:
            continue
        target = folder / str(asset.id) / asset.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        copyfile(store.path(asset.digest), target)
        relative = f"{folder.name}/{asset.id}/{asset.filename}"
        body = body.replace(f'"{asset.path}"', f'"{relative}"')
        line = {
            "path": relative, "role": use.role.value, "caption": use.caption, "alt": asset.alt,
            "cover": asset.id == snapshot.cover_id,
        }  # fmt: skip
        found.append({key: value for key, value in line.items() if value})
    return body, found


def _tallies(session: Session, departments: dict[int, str]) -> Iterator[dict[str, Any]]:
    corrected = set(session.scalars(select(Tally.corrects_id).where(Tally.corrects_id.is_not(None))))
    for row in session.scalars(select(Tally).order_by(Tally.id)):
        if row.corrects_id is None and row.id not in corrected:
            yield {
                "record": "tally", "metric": row.metric, "occurred_on": row.occurred_on.isoformat(),
                "quantity": row.quantity, "channel": row.channel, "topic": row.topic,
                "department": departments.get(row.department_id or 0, ""), "source": row.source, "note": row.note,
                "external_id": row.external_id or f"export-tally-{row.id}",
            }  # fmt: skip
