"""What a revision holds, as a typed value; JSON only at the border of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from cms.content.enums import AssetRole
from cms.content.fields import Json
from cms.kernel.text import plain_text


@dataclass(frozen=True, kw_only=True)
class AssetUse:
    """An asset that an item uses. ``alt`` stands for the picture in this item; empty: the asset's own text."""

    asset_id: int
    role: AssetRole = AssetRole.ATTACHMENT
    caption: str = ""
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Everything an editor can say of an item. ``parts`` holds the metadata, by the name of the part."""

    title: str
    section_id: int
    body: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    source: str = ""
    issuer: str = ""
    department_id: int | None = None
    cover_id: int | None = None
    expires_at: datetime | None = None
    assets: tuple[AssetUse, ...] = ()
    parts: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the snapshot as it is stored."""
        stored = asdict(self)
        stored["expires_at"] = self.expires_at.isoformat() if self.expires_at else None
        stored["parts"] = {name: dict(values) for name, values in self.parts.items()}
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Snapshot":
        """Read a stored snapshot; keys that are unknown today are ignored, missing ones take their default."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        known["keywords"] = tuple(known.get("keywords") or ())
        uses = known.get("assets") or ()
        known["assets"] = tuple(AssetUse(**{**use, "role": AssetRole(use["role"])}) for use in uses)
        if known.get("expires_at"):
            known["expires_at"] = datetime.fromisoformat(known["expires_at"])
        return cls(**known)

    def with_part(self, name: str, values: Mapping[str, Json]) -> "Snapshot":
        """Return a copy in which the part ``name`` holds ``values``."""
        return replace(self, parts={**self.parts, name: dict(values)})


@dataclass(frozen=True)
class Piece:
    """A run of text in a comparison: kept, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class FieldChange:
    """How one field differs between two snapshots.

    ``name`` is that of a field of :class:`Snapshot`, or ``<part>.<field>`` for metadata.
    """

    name: str
    pieces: tuple[Piece, ...]


def compare(old: Snapshot | None, new: Snapshot) -> list[FieldChange]:
    """Return what changed from ``old`` to ``new``, by field; against nothing everything is added."""
    before, after = _lines(old) if old else {}, _lines(new)
    changes = []
    for name in dict.fromkeys([*after, *before]):
        left, right = before.get(name, ""), after.get(name, "")
        if left != right:
            changes.append(FieldChange(name, tuple(_pieces(left, right))))
    return changes


def _lines(snapshot: Snapshot) -> dict[str, str]:
    found = {
        "title": snapshot.title,
        "summary": snapshot.summary,
        "body": plain_text(snapshot.body),
        "keywords": "、".join(snapshot.keywords),
        "source": snapshot.source,
        "issuer": snapshot.issuer,
    }
    for part, values in snapshot.parts.items():
        found.update({f"{part}.{name}": _shown(value) for name, value in values.items()})
    return {name: text for name, text in found.items() if text}


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return "\n".join(
            " ".join(str(cell) for cell in row.values()) if isinstance(row, dict) else row for row in value
        )
    return "" if value is None else str(value)


def _pieces(left: str, right: str) -> list[Piece]:
    """Compare by line, and inside changed lines by character."""
    pieces: list[Piece] = []
    old, new = left.splitlines(keepends=True), right.splitlines(keepends=True)
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[b1:b2])))
        else:
            pieces += _characters("".join(old[a1:a2]), "".join(new[b1:b2]))
    return pieces


#: Longer changed passages are shown whole: comparing them by character takes time and says little.
_FINE = 3_000


def _characters(old: str, new: str) -> Sequence[Piece]:
    if not old or not new or len(old) + len(new) > _FINE:
        return [piece for piece in (Piece("removed", old), Piece("added", new)) if piece.text]
    pieces = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", new[b1:b2]))
            continue
        pieces += [piece for piece in (Piece("removed", old[a1:a2]), Piece("added", new[b1:b2])) if piece.text]
    return pieces
