"""The difference between two revisions, with the names that editors know."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cms.accounts.queries import departments
from cms.content.fields import Field, FieldKind, Json
from cms.content.snapshot import AssetUse, Piece, Snapshot, compare
from cms.content.types import RegisteredType
from cms.kernel.clock import local
from cms.kernel.i18n import gettext as _
from cms.media.queries import assets_by_id
from cms.sections.queries import SectionTree

#: Kinds whose values are compared as a whole, as they are shown to people.
_WHOLE = {FieldKind.CHOICE, FieldKind.FLAG, FieldKind.DATE, FieldKind.NUMBER}


@dataclass(frozen=True)
class ShownChange:
    """How one field differs; ``is_long`` texts get a line of their own."""

    label: str
    pieces: tuple[Piece, ...]
    is_long: bool = False


def changes(
    session: Session, sections: SectionTree, kind: RegisteredType | None, old: Snapshot | None, new: Snapshot
) -> list[ShownChange]:
    """Return what changed from ``old`` to ``new``; against nothing everything is new."""
    specs = {f"{part}.{spec.name}": spec for part, spec in kind.fields()} if kind else {}
    labels = _labels() | {name: spec.label for name, spec in specs.items()}
    found = [ShownChange(_("栏目"), pieces) for pieces in _whole(_section(sections, old), _section(sections, new))]
    for change in compare(old, new):
        spec = specs.get(change.name)
        pieces = change.pieces
        if spec is not None and spec.kind in _WHOLE:
            pieces = next(iter(_whole(_stored(old, change.name, spec), _stored(new, change.name, spec))), ())
        if pieces:
            found.append(ShownChange(labels.get(change.name, change.name), pieces, change.name == "body"))
    offices = {one.id: one.name for one in departments(session)}
    uses = [use.asset_id for one in (old, new) if one for use in one.assets]
    covers = [one.cover_id for one in (old, new) if one and one.cover_id]
    files = {number: asset.filename for number, asset in assets_by_id(session, [*uses, *covers]).items()}
    pairs = (
        (_("责任科室"), *(offices.get((one and one.department_id) or 0, "") for one in (old, new))),
        (_("封面"), *(files.get((one and one.cover_id) or 0, "") for one in (old, new))),
        (_("下线时间"), *(_moment(one.expires_at if one else None) for one in (old, new))),
        (_("图片与附件"), *(_assets(one.assets if one else (), files) for one in (old, new))),
    )
    found += [ShownChange(label, pieces) for label, before, after in pairs for pieces in _whole(before, after)]
    return found


def _labels() -> dict[str, str]:
    return {
        "title": _("标题"), "summary": _("摘要"), "body": _("正文"), "keywords": _("关键词"), "source": _("来源"),
        "issuer": _("发布机构"),
    }  # fmt: skip


def _whole(before: str, after: str) -> list[tuple[Piece, ...]]:
    if before == after:
        return []
    return [tuple(piece for piece in (Piece("removed", before), Piece("added", after)) if piece.text)]


def _section(sections: SectionTree, snapshot: Snapshot | None) -> str:
    section = sections.by_id.get(snapshot.section_id) if snapshot else None
    return " / ".join(one.title for one in sections.ancestors(section)) if section else ""


def _stored(snapshot: Snapshot | None, name: str, spec: Field) -> str:
    part, _dot, field = name.partition(".")
    value: Json = snapshot.parts.get(part, {}).get(field) if snapshot else None
    return "" if value is None else spec.display(value)


def _assets(uses: tuple[AssetUse, ...], files: dict[int, str]) -> str:
    names = [
        files.get(use.asset_id, f"#{use.asset_id}") + (f"（{use.caption}）" if use.caption else "") for use in uses
    ]
    return "、".join(names)


def _moment(instant: datetime | None) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M}" if instant else ""
