"""Writing everything that is needed to make the site again: departments, sections, items with files, registers."""

import json
from collections.abc import Iterator
from gzip import open as open_gzip
from pathlib import Path
from shutil import copyfile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.models import Department
from cms.catalogue.models import CatalogueEntry
from cms.content import markup
from cms.content.enums import State
from cms.content.models import Content, Redirect, Revision
from cms.content.snapshot import Snapshot
from cms.content.types import META
from cms.exchange.importing import CATALOGUE
from cms.kernel.clock import local
from cms.media.models import Asset
from cms.media.store import FileStore
from cms.registers.models import Tally
from cms.sections.queries import tree

CONTENT, REGISTERS = "content", "registers"
_CATALOGUE_KEYS = ("doc_no", "formed_on", "openness", "catalog_node")


def export_file(session: Session, store: FileStore, path: Path, what: frozenset[str]) -> int:
    """Write ``what`` to ``path``, the assets into ``<path>.assets/`` beside it; return the number of lines."""
    folder = path.with_name(f"{path.name}.assets")
    lines = 0
    with open_gzip(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as file:
        for record in records(session, store, folder, what):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            lines += 1
    return lines


def records(session: Session, store: FileStore, folder: Path, what: frozenset[str]) -> Iterator[dict[str, Any]]:
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
        yield from _tallies(session, departments)


def _content(  # noqa: PLR0917 — what a record is made of
    session: Session,
    store: FileStore,
    folder: Path,
    content_id: int,
    paths: dict[int, str],
    departments: dict[int, str],
) -> dict[str, Any]:
    content = session.get_one(Content, content_id)
    revision = session.get_one(Revision, content.live_revision_id or content.latest_revision_id)
    snapshot = Snapshot.from_json(revision.snapshot)
    entry = session.get(CatalogueEntry, content_id)
    catalogue = snapshot.parts.get(CATALOGUE, {})
    body, assets = _with_files(session, store, folder, snapshot)
    if content.live_revision_id is not None:
        state = "published"
    else:
        state = "withdrawn" if content.first_published_at is not None and content.state == State.WITHDRAWN else "draft"
    record = {
        "type": content.type, "title": snapshot.title, "body": body, "summary": snapshot.summary,
        "section": paths[snapshot.section_id], "issuer": snapshot.issuer, "source": snapshot.source,
        "keywords": list(snapshot.keywords), "department": departments.get(snapshot.department_id or 0, ""),
        "published_on": local(content.published_at).isoformat() if content.published_at else "",
        "expires_on": local(snapshot.expires_at).isoformat() if snapshot.expires_at else "",
        "index_no": (entry.index_no or "") if entry else "", "state": state, "assets": assets,
        "external_id": content.external_id or f"export-{content.id}", "fields": dict(snapshot.parts.get(META, {})),
        "old_urls": list(session.scalars(select(Redirect.path).where(Redirect.content_id == content_id))),
        **{key: catalogue[key] for key in _CATALOGUE_KEYS if catalogue.get(key)},
    }  # fmt: skip
    return {key: value for key, value in record.items() if value not in ("", [], {}) or key in {"title", "body"}}


def _with_files(session: Session, store: FileStore, folder: Path, snapshot: Snapshot) -> tuple[str, list[str]]:
    ids = [use.asset_id for use in snapshot.assets]
    ids += [asset_id for asset_id in markup.media_ids(snapshot.body) if asset_id not in ids]
    if snapshot.cover_id in ids:
        # The importer takes the first picture as cover.
        ids.remove(snapshot.cover_id)
    ids = [snapshot.cover_id, *ids] if snapshot.cover_id else ids
    body, paths = snapshot.body, []
    for asset_id in ids:
        asset = session.get(Asset, asset_id)
        if asset is None:
            continue
        target = folder / str(asset.id) / asset.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        copyfile(store.path(asset.digest), target)
        relative = f"{folder.name}/{asset.id}/{asset.filename}"
        body = body.replace(f'"{asset.path}"', f'"{relative}"')
        paths.append(relative)
    return body, paths


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
