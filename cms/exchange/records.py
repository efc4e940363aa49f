"""One line of an import file: its keys, how they may be renamed, what they mean."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cms.catalogue.models import CatalogueEntry
from cms.content.enums import AssetRole, Exclusion
from cms.content.fields import fields_of, parse_tags
from cms.kernel.clock import parse_instant
from cms.kernel.errors import CmsError
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, one_line

#: Keys of a content record, as the contract names them (design §10).
KEYS = frozenset(
    "type title body summary section published_on issuer doc_no formed_on source keywords index_no department openness "  # noqa: SIM905 — reads better
    "catalog_node old_urls external_id fields assets state expires_on catalogue exclusion reason".split()
)
#: Where a record comes from; accepted as they are and kept as evidence in the publication log.
PROVENANCE = ("source_repo", "source_path", "licence")
#: Other names that exchange formats use for our keys.
ALIASES = {"id": "external_id"}
REQUIRED = ("type", "title", "body")
DROP = "-"
MAX_BODY = 5_000_000
STATES = ("published", "draft", "withdrawn", "expired")
#: Fields of the catalogue that have a key of their own; the others are given in the object ``catalogue``.
CATALOGUE_KEYS = ("doc_no", "formed_on", "openness", "catalog_node")
MAX_INDEX_NO = 80
_ASSET_KEYS = frozenset({"path", "role", "caption", "alt", "cover"})
_NO_TEXT = frozenset({"keywords", "old_urls", "fields", "assets", "catalogue"})


class LineError(CmsError):
    """A line that cannot be imported; the message says why and how to mend it."""


@dataclass(frozen=True)
class Renaming:
    """Renaming of keys (``kind=type``, ``licence=-`` drops one) and of type values (``qa=notice``)."""

    keys: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, keys: str, types: str) -> "Renaming":
        """Read the options of the command line.

        :raises LineError: if a pair lacks its ``=`` or names an unknown key.
        """
        renamed = _pairs(keys)
        for target in renamed.values():
            if target != DROP and target not in KEYS:
                raise LineError(f"--map: unknown key {target!r}; known are {', '.join(sorted(KEYS))}, and - to drop")
        return cls(renamed, _pairs(types))


@dataclass(frozen=True, kw_only=True)
class AssetLine:
    """A file of a record. Without ``role`` the import finds one; ``is_cover`` is None if the record leaves it open."""

    path: str
    role: AssetRole | None = None
    caption: str = ""
    alt: str = ""
    is_cover: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """A content record, cleaned; empty strings mean missing."""

    type: str
    title: str
    body: str
    summary: str = ""
    section: str = ""
    published_at: datetime | None = None
    expires_at: datetime | None = None
    issuer: str = ""
    source: str = ""
    keywords: tuple[str, ...] = ()
    index_no: str = ""
    department: str = ""
    old_urls: tuple[str, ...] = ()
    external_id: str = ""
    catalogue: Mapping[str, object] = field(default_factory=dict)
    fields: Mapping[str, object] = field(default_factory=dict)
    assets: tuple[AssetLine, ...] = ()
    state: str = ""
    exclusion: Exclusion = Exclusion.NONE
    reason: str = ""
    provenance: str = ""


def parse_line(line: str) -> dict[str, Any]:
    """Return the object that ``line`` holds.

    :raises LineError: if it is no JSON object.
    """
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise LineError(_("不是有效的 JSON（第 {n} 列：{why}）").format(n=error.colno, why=error.msg)) from error
    except ValueError as error:
        # Python reads no number of more than 4300 digits.
        raise LineError(_("JSON 中有过长的数字")) from error
    except RecursionError as error:
        raise LineError(_("JSON 嵌套过深")) from error
    if not isinstance(found, dict):
        raise LineError(_("每行应为一个 JSON 对象"))
    return found


def parse_record(raw: Mapping[str, Any], mapping: Renaming) -> Record:
    """Return the content record that ``raw`` stands for.

    :raises LineError: that names every wrong key at once.
    """
    values = _rename(raw, mapping)
    problems = _shape_problems(values)
    published_at = _instant(values, "published_on", problems)
    expires_at = _instant(values, "expires_on", problems)
    formed_on = _day(values, "formed_on", problems)
    assets = _assets(values.get("assets"), problems)
    if problems:
        raise LineError("；".join(problems))
    catalogue = dict(values.get("catalogue") or {})
    catalogue |= {key: _text(values[key]) for key in CATALOGUE_KEYS if _text(values.get(key))}
    if formed_on:
        catalogue["formed_on"] = formed_on.isoformat()
    return Record(
        type=_text(values["type"]),
        title=one_line(_text(values["title"])),
        body=clean(_text(values["body"])),
        summary=clean(_text(values.get("summary"))),
        section=_text(values.get("section")).strip("/"),
        published_at=published_at,
        expires_at=expires_at,
        issuer=one_line(_text(values.get("issuer"))),
        source=one_line(_text(values.get("source"))),
        keywords=tuple(parse_tags(values.get("keywords"))),
        index_no=_text(values.get("index_no")),
        department=one_line(_text(values.get("department"))),
        old_urls=tuple(_strings(values.get("old_urls"))),
        external_id=_text(values.get("external_id"))[:200],
        catalogue=catalogue,
        fields=values.get("fields") or {},
        assets=assets,
        state=_text(values.get("state")),
        exclusion=Exclusion(_text(values.get("exclusion"))),
        reason=_text(values.get("reason")),
        provenance="；".join(_text(values.get(key)) for key in PROVENANCE if _text(values.get(key))),
    )


def _shape_problems(values: Mapping[str, Any]) -> list[str]:
    problems = [_("缺少 {key}").format(key=key) for key in REQUIRED if not _text(values.get(key))]
    problems += [
        _("{key} 应为文字").format(key=key)
        for key in KEYS - _NO_TEXT
        if isinstance(values.get(key), (dict, list, bool))
    ]
    problems += [
        _("{key} 应为对象").format(key=key)
        for key in ("fields", "catalogue")
        if not isinstance(values.get(key) or {}, dict)
    ]
    problems += _catalogue_problems(values.get("catalogue"))
    if len(_text(values.get("index_no"))) > MAX_INDEX_NO:
        problems.append(_("索引号超过 {n} 个字符").format(n=MAX_INDEX_NO))
    if len(str(values.get("body", ""))) > MAX_BODY:
        problems.append(_("正文超过 {n} 个字符").format(n=MAX_BODY))
    if _text(values.get("state")) not in {"", *STATES}:
        problems.append(_("state 只能是 {states}").format(states="、".join(STATES)))
    if _text(values.get("exclusion")) and _text(values.get("state")) != "withdrawn":
        problems.append(_("exclusion 只用于 state 为 withdrawn 的记录"))
    if _text(values.get("exclusion")) not in set(Exclusion):
        problems.append(_("exclusion 只能是 {words}").format(words="、".join(filter(None, Exclusion))))
    return problems


def _catalogue_problems(given: object) -> list[str]:
    known = {spec.name for spec in fields_of(CatalogueEntry) if spec.editable}
    unknown = sorted(set(given) - known) if isinstance(given, dict) else []
    return [_("catalogue 中有未知的键：{keys}").format(keys="、".join(unknown))] if unknown else []


def _rename(raw: Mapping[str, Any], mapping: Renaming) -> dict[str, Any]:
    values: dict[str, Any] = {}
    unknown = []
    for key, value in raw.items():
        name = mapping.keys.get(key, ALIASES.get(key, key))
        if name == DROP:
            continue
        if name in KEYS or name in PROVENANCE:
            values[name] = value
        else:
            unknown.append(key)
    if unknown:
        raise LineError(_("未知的键：{keys}；不需要的可用 --map 键=- 去掉").format(keys="、".join(sorted(unknown))))
    kind = _text(values.get("type"))
    values["type"] = mapping.types.get(kind, kind)
    return values


def _text(value: object) -> str:
    return "" if value is None else clean(str(value))


def _strings(value: object) -> list[str]:
    if isinstance(value, list):
        return [_text(part) for part in value if _text(part)]
    return [_text(value)] if _text(value) else []


def _assets(value: object, problems: list[str]) -> tuple[AssetLine, ...]:
    found = []
    for given in value if isinstance(value, list) else [value]:
        # Paths are taken as they are: a composed form of the same letters may be another file.
        path = given.get("path") if isinstance(given, dict) else given
        if not isinstance(path, str) or not path.strip():
            if path or isinstance(given, dict):
                problems.append(_("assets 的每一项应为路径，或带 path 的对象"))
        elif isinstance(given, dict):
            found.append(_asset(path.strip(), given, problems))
        else:
            found.append(AssetLine(path=path.strip()))
    return tuple(found)


def _asset(path: str, given: Mapping[str, Any], problems: list[str]) -> AssetLine:
    role = _text(given.get("role"))
    if unknown := sorted(set(given) - _ASSET_KEYS):
        problems.append(_("附件“{path}”有未知的键：{keys}").format(path=path, keys="、".join(unknown)))
    if role not in {"", *AssetRole}:
        problems.append(_("附件的 role 只能是 {words}").format(words="、".join(AssetRole)))
        role = ""
    return AssetLine(
        path=path, role=AssetRole(role) if role else None, caption=one_line(_text(given.get("caption")))[:200],
        alt=one_line(_text(given.get("alt")))[:300], is_cover=given.get("cover") is True or role == AssetRole.COVER,
    )  # fmt: skip


def _instant(values: Mapping[str, Any], key: str, problems: list[str]) -> datetime | None:
    text = _text(values.get(key))
    if not text:
        return None
    try:
        return parse_instant(text)
    except (ValueError, OverflowError):
        problems.append(_("{key} 应为 ISO 日期，例如 2016-03-08，现为“{text}”").format(key=key, text=text[:40]))
        return None


def _day(values: Mapping[str, Any], key: str, problems: list[str]) -> date | None:
    text = _text(values.get(key))
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        problems.append(_("{key} 应为日期，例如 2016-03-08，现为“{text}”").format(key=key, text=text[:40]))
        return None


def _pairs(text: str) -> dict[str, str]:
    pairs = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        old, equals, new = part.partition("=")
        if not equals or not old or not new:
            raise LineError(f"{part!r}: expected old=new")
        pairs[old] = new
    return pairs
