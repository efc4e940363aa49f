"""Bringing records in: upsert by ``external_id``, a batch in each transaction, so that a killed import goes on.

What the desk would demand is not refused here: real archives have gaps. It is noted with the item and listed in the
desk as *needs attention*.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cms.accounts.models import Department
from cms.accounts.policy import MACHINE, Actor, require
from cms.catalogue.ledger import IndexNumber, enter
from cms.catalogue.models import CatalogueEntry
from cms.content import markup, publishing, services
from cms.content.enums import Origin, PublicationAction, State
from cms.content.events import PublishCheck
from cms.content.fields import fields_of
from cms.content.models import Content, Redirect, Revision
from cms.content.snapshot import Snapshot
from cms.content.tidying import MAX_TITLE
from cms.content.types import META, RegisteredType, TypeRegistry
from cms.db.uow import UnitOfWork
from cms.exchange.files import Stored, store_assets
from cms.exchange.records import LineError, Record, Renaming, parse_line, parse_record
from cms.exchange.standing import IMPORTED, find_standing
from cms.kernel.errors import CmsError
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, excerpt, plain_text
from cms.media.store import FileStore
from cms.sections.queries import SectionTree, tree
from cms.settings.services import SiteSettings, load

BATCH = 50
CATALOGUE = "catalogue"
#: Takes in a record of another kind than content; the key ``record`` of a line names it. Tells whether it was new.
Importer = Callable[[UnitOfWork, Mapping[str, Any], Actor], bool]


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How a file is to be read. ``folder`` is where its assets lie; ``force`` overwrites what people did since."""

    folder: Path
    filename: str
    renaming: Renaming = field(default_factory=Renaming)
    state: str = "published"
    dry_run: bool = False
    force: bool = False


@dataclass
class ImportReport:
    """What an import did. ``errors`` and ``attention`` are pairs of line number and sentence."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)
    attention: list[tuple[int, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Return how many records were looked at."""
        return self.created + self.updated + self.unchanged + len(self.errors)


class _DryRun(Exception):  # noqa: N818 — no error: it takes a batch back
    pass


def import_lines(
    lines: Iterable[str],
    open_unit: Callable[[], AbstractContextManager[UnitOfWork]],
    reader: "RecordReader",
) -> Iterator[ImportReport]:
    """Import ``lines`` batch by batch, yielding the growing report after each.

    A line that cannot be imported is reported with its number and the rest goes in.

    :raises NotAllowed: if the actor may not import.
    """
    require(reader.actor, "exchange.import")
    report = ImportReport()
    numbered = enumerate(lines, 1)
    while batch := list(islice(numbered, BATCH)):
        try:
            with open_unit() as uow:
                reader.take_in(uow, batch, report)
                if reader.options.dry_run:
                    raise _DryRun  # noqa: TRY301 — leaves the unit of work, which is what it is for
        except _DryRun:
            pass
        yield report


@dataclass(frozen=True)
class _Site:
    """What every record needs, read once for each batch."""

    settings: SiteSettings
    sections: SectionTree
    departments: Mapping[str, int]


@dataclass(frozen=True)
class RecordReader:
    """Turns lines into items."""

    types: TypeRegistry
    store: FileStore
    options: ImportOptions
    importers: Mapping[str, Importer] = field(default_factory=dict)
    actor: Actor = MACHINE

    def take_in(self, uow: UnitOfWork, batch: Sequence[tuple[int, str]], report: ImportReport) -> None:
        """Import the numbered lines of one batch in ``uow``."""
        here = _read_site(uow)
        for number, line in batch:
            if not line.strip():
                continue
            notes: list[str] = []
            try:
                # A line that fails half-way must leave nothing behind.
                with uow.session.begin_nested():
                    raw = parse_line(line)
                    other = raw.pop("record", None)
                    outcome = (
                        self._other(uow, str(other), raw) if other else self._content(uow, raw, number, here, notes)
                    )
            except CmsError as error:
                # What is quoted from the line may hold what no terminal can show.
                report.errors.append((number, clean(str(error))))
                continue
            except (ValueError, OverflowError, SQLAlchemyError) as error:
                # Something in the line that the checks do not know and the database does not take.
                why = excerpt(clean(str(getattr(error, "orig", None) or error)))
                report.errors.append((number, _("这一行无法导入：{why}").format(why=why)))
                continue
            if other and outcome == "created":
                here = _read_site(uow)
            setattr(report, outcome, getattr(report, outcome) + 1)
            report.attention += [(number, note) for note in notes]

    def _other(self, uow: UnitOfWork, kind: str, raw: Mapping[str, Any]) -> str:
        if kind not in self.importers:
            raise LineError(_("不认识的记录类型“{kind}”").format(kind=kind))
        return "created" if self.importers[kind](uow, raw, self.actor) else "unchanged"

    def _content(self, uow: UnitOfWork, raw: Mapping[str, Any], number: int, here: _Site, notes: list[str]) -> str:
        record = parse_record(raw, self.options.renaming)
        record = replace(record, state=record.state or self.options.state)
        kind = self.types.get(record.type)
        if kind is None:
            known = "、".join(sorted(self.types.keys))
            raise LineError(_("没有启用内容类型“{type}”，现有 {known}").format(type=record.type, known=known))
        standing = find_standing(uow, record)
        stored = store_assets(uow, self.store, record, self.options.folder, self.actor)
        snapshot = _snapshot(record, kind, stored, here, notes)
        if standing is not None:
            dated = standing.note_on_date(record)
            if standing.is_same(snapshot, record):
                notes[:] = dated
                return "unchanged"
            if standing.is_in_hand and not self.options.force:
                notes[:] = [_("在工作台中已有改动/已撤回，未覆盖"), *dated]
                return "unchanged"
            notes += dated
        content = standing.content if standing else _begin(uow, record, kind, snapshot, self.actor)
        revision = services.add_revision(uow, content, snapshot, actor=self.actor, note=self._evidence(record, number))
        services.tell_parts(uow, kind, content, snapshot)
        notes += [] if record.issuer else [_("没有发布机构，不计入本机关的统计")]
        notes += [] if record.published_at or record.state == "draft" else [_("没有发布日期，以导入时间为准")]
        notes += uow.bus.check(PublishCheck(type=kind.key, snapshot=snapshot))
        content.attention = list(dict.fromkeys(notes))
        _remember_addresses(uow, content, record)
        if record.state == "draft":
            content.state = State.DRAFT
        else:
            self._publish(uow, content, revision, kind, record, here, self._evidence(record, number))
            self._take_off(uow, content, record, self._evidence(record, number))
        return "updated" if standing else "created"

    def _take_off(self, uow: UnitOfWork, content: Content, record: Record, evidence: str) -> None:
        """End the public life of what is not public any more, in the words of the log of the other site."""
        end = partial(publishing.take_off, uow, content, actor=self.actor, origin=Origin.IMPORT)
        if record.state == State.WITHDRAWN:
            end(action=PublicationAction.WITHDRAWN, reason=record.reason or evidence, exclusion=record.exclusion)
        if record.state == State.EXPIRED:
            end(action=PublicationAction.EXPIRED)

    def _publish(  # noqa: PLR0917 — what one publication needs
        self,
        uow: UnitOfWork,
        content: Content,
        revision: Revision,
        kind: RegisteredType,
        record: Record,
        here: _Site,
        evidence: str,
    ) -> None:
        if record.index_no and CATALOGUE in kind.parts:
            _give_index_no(uow, content, record.index_no)
        publication = publishing.apply_revision(
            uow, kind, content, revision, actor=self.actor, is_own=here.settings.is_own(record.issuer),
            origin=Origin.IMPORT,
            # The log only grows: page and figures keep the date under which the item was counted first.
            effective_at=content.first_published_at or record.published_at or uow.clock.now(),
        )  # fmt: skip
        # The evidence for a date that lies before the import.
        publication.reason = evidence

    def _evidence(self, record: Record, number: int) -> str:
        source = IMPORTED + _("{file} 第 {n} 行").format(file=self.options.filename, n=number)
        return f"{source}；{record.provenance}" if record.provenance else source


def _read_site(uow: UnitOfWork) -> _Site:
    sections = tree(uow.session)
    departments = {row.name: row.id for row in uow.session.scalars(select(Department))}
    return _Site(load(uow.session, SiteSettings), sections, departments)


def _snapshot(record: Record, kind: RegisteredType, stored: Stored, here: _Site, notes: list[str]) -> Snapshot:
    section = here.sections.by_path.get(record.section) or here.sections.home_of(kind.key)
    if section is None:
        raise LineError(_("没有可放置“{type}”的栏目").format(type=kind.label))
    if record.section and record.section != section.path:
        notes.append(_("没有栏目“{path}”，已放入“{title}”").format(path=record.section, title=section.title))
    if record.department and record.department not in here.departments:
        notes.append(_("没有科室“{name}”").format(name=record.department))
    body = markup.to_html(stored.body)
    return Snapshot(
        title=record.title[: MAX_TITLE], section_id=section.id, body=body, keywords=record.keywords,
        summary=record.summary or excerpt(plain_text(body)), source=record.source, issuer=record.issuer,
        department_id=here.departments.get(record.department), parts=_parts(record, kind, notes),
        expires_at=record.expires_at, assets=stored.uses, cover_id=stored.cover_id,
    )  # fmt: skip


def _parts(record: Record, kind: RegisteredType, notes: list[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return the metadata; a missing value is a gap of the archive, a wrong one an error of the file."""
    given: dict[str, Mapping[str, object]] = {META: record.fields}
    if CATALOGUE in kind.parts:
        given[CATALOGUE] = record.catalogue
    errors: dict[str, list[str]] = {}
    parts = kind.parse(given, errors)
    wrong = [name for name in errors if record.fields.get(name) or record.catalogue.get(name)]
    if wrong:
        raise LineError("；".join(line for name in wrong for line in errors[name]))
    notes.extend(line for lines in errors.values() for line in lines)
    return parts


def _begin(uow: UnitOfWork, record: Record, kind: RegisteredType, snapshot: Snapshot, actor: Actor) -> Content:
    now: datetime = uow.clock.now()
    content = Content(
        type=kind.key, section_id=snapshot.section_id, title=snapshot.title, keywords=[], attention=[],
        author_id=actor.id, department_id=snapshot.department_id, state=State.DRAFT, origin=Origin.IMPORT,
        external_id=record.external_id or None, created_at=now, updated_at=now,
    )  # fmt: skip
    uow.session.add(content)
    # The revision refers to the item.
    uow.session.flush()
    return content


def _give_index_no(uow: UnitOfWork, content: Content, index_no: str) -> None:
    """Keep the number that the item has elsewhere; numbers are given once and never moved."""
    known = uow.session.get(IndexNumber, index_no)
    if known is not None and known.content_id != content.id:
        raise LineError(_("索引号“{no}”已被另一条内容使用").format(no=index_no))
    entry = uow.session.get(CatalogueEntry, content.id)
    if entry is None:
        empty = {spec.name: spec.empty for spec in fields_of(CatalogueEntry)}
        entry = CatalogueEntry(content_id=content.id, **empty)
        uow.session.add(entry)
    if entry.index_no is None:
        entry.index_no = index_no
        enter(uow, index_no, content)


def _remember_addresses(uow: UnitOfWork, content: Content, record: Record) -> None:
    for address in record.old_urls:
        path = "/" + address.split("://", 1)[-1].partition("/")[2] if "://" in address else "/" + address.lstrip("/")
        uow.session.merge(Redirect(path=path[:400], content_id=content.id))
