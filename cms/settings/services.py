"""Typed site settings: a dataclass is the declaration, a JSON row is the store."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.settings.declaration import SettingKind, SettingsClass, SettingsTab, declared, problems, setting
from cms.settings.models import Stamp, StoredSettings

#: Stamp that is touched whenever the app has to be rebuilt: plugins, theme, search words.
APP_STAMP = "plugins"

_WHO, _FOOTER, _CONTACT, _CATALOGUE, _LOOK = "单位", "页脚与备案", "联系方式", "信息公开目录", "外观"
_SPONSOR = "主办单位"


@dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """Who runs the site and what every page says of it; the settings form of the desk follows from these lines."""

    key: ClassVar[str] = "site"

    site_name: str = setting(
        "政府网站", "网站名称", group=_WHO, required=True, length=60,
        help="网站规范名称，显示在每个页面，并写入 SiteName 网页标签。",
    )  # fmt: skip
    organ_name: str = setting(
        "", "单位全称", group=_WHO, length=60, statutory=_SPONSOR,
        help="本单位制发的文件以此名称识别，例如：衡山县民政局",
    )  # fmt: skip
    organ_aliases: tuple[str, ...] = setting(
        (), "单位曾用名和简称", group=_WHO, kind=SettingKind.LINES, length=60,
        help="每行一个；以这些名称署名的文件也算本单位制发。",
    )  # fmt: skip
    region: str = setting(
        "", "行政区划代码", group=_WHO, pattern=r"\d{6}", example="430423", help="6 位数字，用于生成索引号。"
    )
    uscc: str = setting(
        "", "统一社会信用代码", group=_WHO, pattern=r"[0-9A-HJ-NP-RT-UW-Y]{18}", example="11430423006351234X",
        help="18 位，用于生成索引号。",
    )  # fmt: skip
    sponsor: str = setting("", "主办单位", group=_FOOTER, length=60, help="显示在页脚；留空则用单位全称。")
    undertaker: str = setting("", "承办单位", group=_FOOTER, length=60)
    site_id_code: str = setting(
        "", "网站标识码", group=_FOOTER, pattern=r"\d{10}|bm\d{8}", example="4304230012", statutory="网站标识码",
        help="10 个字符，写入 SiteIDCode 网页标签并显示在页脚。",
    )  # fmt: skip
    icp_no: str = setting(
        "", "ICP备案编号", group=_FOOTER, pattern=r"[\u4e00-\u9fff]ICP备\d{5,10}号(-\d{1,3})?",
        example="湘ICP备05001234号-1", statutory="ICP备案编号",
    )  # fmt: skip
    psb_no: str = setting(
        "", "公安备案号", group=_FOOTER, pattern=r"[\u4e00-\u9fff]公网安备 ?\d{14}号",
        example="湘公网安备43042302000123号", statutory="公安机关备案标识",
    )  # fmt: skip
    error_report_url: str = setting(
        "", "“我为政府网站找错”地址", group=_FOOTER, pattern=r"https?://[^\s\"<>]{4,200}",
        example="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=4304230012", help="填写后页脚显示找错入口。",
    )  # fmt: skip
    portal_footer: bool = setting(
        False, "以上页脚标识由上级门户网站提供", group=_FOOTER, kind=SettingKind.FLAG,  # a sub-site (子站)
        help="本网站是政府门户的子站时勾选，不再提示缺少上述标识。",
    )  # fmt: skip
    address: str = setting("", "办公地址", group=_CONTACT, length=120, statutory="联系方式")
    phone: str = setting(
        "", "联系电话", group=_CONTACT, pattern=r"[0-9()+（） 、,/-]{5,60}", example="0734-5812345",
        statutory="联系方式",
    )  # fmt: skip
    office_hours: str = setting("", "办公时间", group=_CONTACT, length=120)
    index_template: str = setting(
        "{uscc}/{yyyy}-{seq:05d}", "索引号规则", group=_CATALOGUE, required=True, length=80,
        help="可用标记：{uscc} 信用代码、{region} 区划代码、{yyyy} 年、{yyyymmdd} 日期、{seq:05d} 五位流水号。"
        "只影响以后发布的内容。",
    )  # fmt: skip
    theme: str = setting("default", "主题", group=_LOOK, kind=SettingKind.THEME)
    is_demo: bool = setting(
        False, "演示网站", group=_LOOK, kind=SettingKind.FLAG, help="每个页面显示演示标记，并请搜索引擎不要收录。"
    )

    def is_own(self, issuer: str) -> bool:
        """Tell whether ``issuer`` is this organ; an unknown issuer is not."""
        return bool(issuer) and issuer in {self.organ_name, *self.organ_aliases}


S = TypeVar("S", bound=SettingsClass)
T = TypeVar("T", bound=SettingsClass)


def load(session: Session, kind: type[S]) -> S:
    """Return the stored settings of ``kind``, with defaults for what was never set."""
    row = session.get(StoredSettings, kind.key)
    return _read(kind, row.values if row else {})


def load_both(session: Session, first: type[S], second: type[T]) -> tuple[S, T]:
    """Return two kinds of stored settings for one query."""
    stored = {row.key: row.values for row in session.scalars(select(StoredSettings))}
    return _read(first, stored.get(first.key, {})), _read(second, stored.get(second.key, {}))


def _read(kind: type[S], stored: Mapping[str, Any]) -> S:
    known = {f.name for f in fields(kind)}
    return kind(**{name: _thaw(value) for name, value in stored.items() if name in known})


def save(uow: UnitOfWork, settings: SettingsClass) -> None:
    """Store ``settings`` as a whole."""
    uow.session.merge(StoredSettings(key=settings.key, values=asdict(settings)))


def change(uow: UnitOfWork, tab: SettingsTab, given: SettingsClass, *, actor: Actor) -> None:
    """Store the settings of a tab after checking them; nothing happens if they are what they were.

    :raises NotAllowed: if ``actor`` may not. :raises Invalid: by field, everything at once.
    """
    require(actor, tab.permission)
    errors = {name: list(lines) for name, lines in problems(given).items()}
    # What spans several fields can be judged only once each is right by itself.
    if not errors and tab.check is not None:
        errors = {name: list(lines) for name, lines in tab.check(given).items() if lines}
    if errors:
        raise Invalid(errors)
    names = changed_names(load(uow.session, tab.settings), given)
    if names:
        save(uow, given)
        record(uow, "settings.change", actor_id=actor.id, subject_type="settings", subject_id=given.key, names=names)


def missing_labels(site: SiteSettings) -> list[str]:
    """Return the items that rules ask every government site to show and that are not filled in (site-rules a.3)."""
    given_by_portal = _FOOTER if site.portal_footer else ""
    missing = [
        said.statutory
        for said in declared(SiteSettings)
        if said.statutory and said.group != given_by_portal and not getattr(site, said.name)
    ]
    if site.sponsor and _SPONSOR in missing:
        missing.remove(_SPONSOR)
    return list(dict.fromkeys(missing))


def stamp(session: Session, name: str) -> int:
    """Return the present value of a stamp; 0 if it was never touched."""
    return session.scalar(select(Stamp.value).where(Stamp.name == name)) or 0


def touch(uow: UnitOfWork, name: str) -> None:
    """Say that what ``name`` stands for has changed."""
    done = uow.session.execute(update(Stamp).where(Stamp.name == name).values(value=Stamp.value + 1))
    if not done.rowcount:  # type: ignore[attr-defined]  # an UPDATE returns a CursorResult
        uow.session.add(Stamp(name=name, value=1))
        # A second touch in the same unit has to find the row.
        uow.session.flush()


def changed_names(before: SettingsClass, after: SettingsClass) -> list[str]:
    """Return the names of the settings that differ; the audit log holds names, never values."""
    old, new = asdict(before), asdict(after)
    return sorted(name for name in new if new[name] != old.get(name))


def _thaw(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
