"""Whether the site is well: one list of checks for the desk page, the command line and monitoring."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cms.accounts.queries import users
from cms.accounts.separation import separation_warnings
from cms.catalogue.guide import guide, state_of
from cms.config import Settings
from cms.db import migrate
from cms.documents.typography import FACES
from cms.documents.writers.pdf import pdf_state
from cms.jobs.leader import leader_lock
from cms.jobs.models import JobState
from cms.jobs.services import count_jobs
from cms.kernel.clock import local_date
from cms.kernel.errors import CmsError
from cms.kernel.i18n import gettext as _
from cms.personal.rotation import usage
from cms.pluginkit.lifecycle import owners_of
from cms.pluginkit.state import known
from cms.search.projection import lag
from cms.settings.services import SiteSettings, load, missing_labels
from cms.web.disclosure import guide_facts
from cms.web.state import Cms
from cms.workdays.queries import load_calendar

_MB = 1_000_000
_GB = 1000 * _MB
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: More changes than this mean that nobody applies them.
_LONG_LAG = 1_000


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; ``hint`` says what to do about it."""

    id: str
    label: str
    level: Level
    message: str
    hint: str = ""


Checker = Callable[[Cms, Session], Iterator[Check]]


def examine(cms: Cms) -> list[Check]:
    """Look at everything; a check that fails itself is a finding, not an error."""
    found: list[Check] = []
    for name, checker in _CHECKERS.items():
        try:
            with cms.reading() as session:
                found += checker(cms, session)
        except (SQLAlchemyError, CmsError, OSError) as error:
            found.append(Check(name, name, Level.FAIL, f"{type(error).__name__}: {error}"))
    return found


def worst(checks: Sequence[Check]) -> Level:
    """Return the worst level among ``checks``."""
    order = list(Level)
    return max((check.level for check in checks), key=order.index, default=Level.OK)


def _database(cms: Cms, session: Session) -> Iterator[Check]:
    kind = session.get_bind().dialect.name
    path = migrate.sqlite_path(cms.settings.database)
    size = _("，{n} MB").format(n=round(path.stat().st_size / _MB, 1)) if path and path.exists() else ""
    yield Check("database", _("数据库"), Level.OK, f"{kind}{size}")


def _migrations(cms: Cms, _session: Session) -> Iterator[Check]:
    late = migrate.pending(cms.engine, owners_of(cms.settings))
    if late:
        message = _("表结构旧于程序：{names}").format(names="、".join(late))
        yield Check("migrations", _("表结构"), Level.FAIL, message, _("执行 cms db upgrade（会先自动备份）。"))
    else:
        yield Check("migrations", _("表结构"), Level.OK, _("与程序一致"))


def _search(cms: Cms, session: Session) -> Iterator[Check]:
    label = _("检索索引")
    if cms.index.needs_rebuild:
        hint = _("后台任务进程会自动重建；也可执行 cms search rebuild。")
        yield Check("search", label, Level.WARN, _("索引缺失、损坏或版本过旧，需要重建"), hint)
        return
    waiting = lag(session)
    message = _("{n} 篇，{m} 项变更待处理").format(n=cms.index.count(), m=waiting)
    if waiting > _LONG_LAG:
        yield Check("search", label, Level.WARN, message, _("请确认后台任务进程在运行。"))
    else:
        yield Check("search", label, Level.OK, message)


def _leader(cms: Cms, _session: Session) -> Iterator[Check]:
    label, lock = _("后台任务进程"), leader_lock(cms.settings.site)
    if lock.is_held():
        yield Check("leader", label, Level.OK, _("运行中（进程 {pid}）").format(pid=lock.holder))
    else:
        hint = _("用 cms run 启动的网站会自带；单独部署时请运行 cms worker。")
        yield Check("leader", label, Level.WARN, _("未运行：定时发布、到期下线和检索更新都会停下"), hint)


def _jobs(_cms: Cms, session: Session) -> Iterator[Check]:
    failed, waiting = count_jobs(session, JobState.FAILED), count_jobs(session, JobState.WAITING)
    label, message = _("后台任务"), _("{n} 项待办，{m} 项失败").format(n=waiting, m=failed)
    if failed:
        yield Check("jobs", label, Level.WARN, message, _("在工作台“运行状况”页查看原因并重试。"))
    else:
        yield Check("jobs", label, Level.OK, message)


def _disk(cms: Cms, _session: Session) -> Iterator[Check]:
    usage = shutil.disk_usage(cms.settings.site)
    message = _("剩余 {free} GB，共 {total} GB").format(
        free=round(usage.free / _GB, 1), total=round(usage.total / _GB, 1)
    )
    label, hint = _("磁盘空间"), _("清理 snapshots 文件夹中的旧快照，或扩充磁盘。")
    if usage.free < _GB // 5:
        yield Check("disk", label, Level.FAIL, message, hint)
    elif usage.free < 2 * _GB:
        yield Check("disk", label, Level.WARN, message, hint)
    else:
        yield Check("disk", label, Level.OK, message)


def _address(cms: Cms, _session: Session) -> Iterator[Check]:
    settings: Settings = cms.settings
    label = _("网站地址")
    if urlsplit(settings.public_url).hostname in _LOOPBACK:
        message = _("{url} 只有本机能访问").format(url=settings.public_url)
        hint = _("正式使用前把 CMS_PUBLIC_URL 设为公众访问的网址；二维码、订阅和站点地图都用它。")
        yield Check("public_url", label, Level.WARN, message, hint)
    elif not settings.is_https:
        message = _("{url} 没有使用 HTTPS").format(url=settings.public_url)
        yield Check("public_url", label, Level.WARN, message, _("为网站配置证书，并把 CMS_PUBLIC_URL 改为 https。"))
    else:
        yield Check("public_url", label, Level.OK, settings.public_url)


def _plugins(cms: Cms, session: Session) -> Iterator[Check]:
    lines = known(session, cms.settings.site, failing=cms.failing())
    failed = [line.name for line in lines if line.state in {"failed", "incompatible"} and line.decision]
    if failed:
        message = _("未能加载：{names}").format(names="、".join(failed))
        yield Check("plugins", _("插件"), Level.WARN, message, _("在工作台“插件”页或用 cms plugin show 查看原因。"))
    else:
        message = _("已启用 {n} 个").format(n=sum(line.state == "enabled" for line in lines))
        yield Check("plugins", _("插件"), Level.OK, message)


def _site(cms: Cms, session: Session) -> Iterator[Check]:
    site = load(session, SiteSettings)
    if site.theme != cms.themes[0].key:
        message = _("主题“{key}”不能使用，现在用的是“{used}”").format(key=site.theme, used=cms.themes[0].name)
        hint = _("用 cms theme check {key} 查看原因。").format(key=site.theme)
        yield Check("theme", _("主题"), Level.WARN, message, hint)
    else:
        yield Check("theme", _("主题"), Level.OK, cms.themes[0].name)
    if missing := missing_labels(site):
        message = _("未填写：{names}").format(names="、".join(missing))
        yield Check("labels", _("法定标识"), Level.WARN, message, _("在工作台“网站设置”中填写。"))
    else:
        yield Check("labels", _("法定标识"), Level.OK, _("已填写"))


def _accounts(_cms: Cms, session: Session) -> Iterator[Check]:
    warnings = separation_warnings(users(session))
    if not warnings:
        yield Check("accounts", _("三员分立"), Level.OK, _("系统、安全、审计管理员各有专人"))
    for number, text in enumerate(warnings, 1):
        yield Check(f"accounts-{number}", _("三员分立"), Level.WARN, text)


#: The notice for the next year is usually published between October and December.
_NOTICE_MONTH = 10


def _calendar(cms: Cms, session: Session) -> Iterator[Check]:
    calendar, today = load_calendar(session), local_date(cms.clock.now())
    label, hint = _("工作日历"), _("国务院办公厅公布放假安排后，在工作台“工作日历”页导入；此前跨年的期限只能预估。")
    if not calendar.knows(today.year):
        yield Check("calendar", label, Level.FAIL, _("没有 {year} 年的放假安排").format(year=today.year), hint)
    elif today.month >= _NOTICE_MONTH and not calendar.knows(today.year + 1):
        yield Check("calendar", label, Level.WARN, _("还没有 {year} 年的放假安排").format(year=today.year + 1), hint)
    else:
        yield Check("calendar", label, Level.OK, _("已有至 {year} 年的放假安排").format(year=calendar.years[-1]))


def _editions(cms: Cms, _session: Session) -> Iterator[Check]:
    changed = cms.editions.overrides
    message = _("本站改动了 {n} 处：{places}").format(n=len(changed), places="、".join(changed))
    yield Check("editions", _("法规版本"), Level.OK, message if changed else _("与程序自带的一致"))


def _guide(cms: Cms, session: Session) -> Iterator[Check]:
    label, hint = _("公开指南"), _("在工作台“公开指南”页核对并确认。")
    facts = guide_facts(cms, session)
    state = state_of(session, guide(facts))
    if facts.missing:
        message = _("未填写：{names}").format(names="、".join(facts.missing))
        yield Check("guide", label, Level.WARN, message, _("在工作台“网站设置”的“信息公开”中填写。"))
    elif not state.confirmation.confirmed_on:
        yield Check("guide", label, Level.WARN, _("还没有人核对过"), hint)
    elif not state.is_current:
        message = _("{day} 核对后内容有变化").format(day=state.confirmation.confirmed_on)
        yield Check("guide", label, Level.WARN, message, hint)
    else:
        yield Check("guide", label, Level.OK, _("{day} 已核对").format(day=state.confirmation.confirmed_on))


def _documents(_cms: Cms, _session: Session) -> Iterator[Check]:
    label, state = _("PDF 生成"), pdf_state()
    if state.problem:
        yield Check("pdf", label, Level.WARN, state.problem, _("其他格式（docx、xlsx、html、txt）不受影响。"))
        return
    missing = [face.name for face in FACES if not face.is_among(state.families)]
    message = _("可用，中文字体 {n} 种").format(n=len(state.families))
    if missing:
        message += _("；未安装{names}，以相近字体代替").format(names="、".join(missing))
    yield Check("pdf", label, Level.OK, message)


def _data_keys(cms: Cms, session: Session) -> Iterator[Check]:
    label, found = _("数据密钥"), usage(session)
    missing = sorted(found.key_ids - set(cms.keyring.key_ids))
    old = sum(found.of(key_id) for key_id in cms.keyring.key_ids[1:])
    if missing:
        message = _("缺少密钥 {keys}，{n} 项个人信息无法读取").format(
            keys="、".join(missing), n=sum(map(found.of, missing))
        )
        hint = _("把备份中的 keys/data_key 放回网站目录，或在 CMS_DATA_KEY 中补上；用 cms data-key status 复查。")
        yield Check("data_key", label, Level.FAIL, message, hint)
    elif old:
        message = _("{n} 项个人信息仍由旧密钥加密").format(n=old)
        yield Check("data_key", label, Level.WARN, message, _("执行 cms data-key rotate 完成更换。"))
    else:
        message = _("{n} 项个人信息已加密").format(n=sum(map(found.of, found.key_ids)))
        yield Check("data_key", label, Level.OK, message)


_CHECKERS: dict[str, Checker] = {
    "database": _database,
    "migrations": _migrations,
    "search": _search,
    "leader": _leader,
    "jobs": _jobs,
    "disk": _disk,
    "public_url": _address,
    "plugins": _plugins,
    "site": _site,
    "accounts": _accounts,
    "calendar": _calendar,
    "editions": _editions,
    "guide": _guide,
    "documents": _documents,
    "data_key": _data_keys,
}
