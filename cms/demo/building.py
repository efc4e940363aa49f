"""Reading the demo's files and filling a site with them; every step may be repeated."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import select

from cms.accounts import queries as accounts
from cms.accounts.passwords import make_password
from cms.accounts.policy import MACHINE, Role
from cms.accounts.services import add_user
from cms.catalogue.standard import add_bundled
from cms.content.models import Content
from cms.db.uow import UnitOfWork
from cms.exchange.files import open_lines
from cms.exchange.importing import ImportOptions, ImportReport, RecordReader, import_lines
from cms.exchange.registers import core_importers
from cms.kernel.errors import CmsError
from cms.kernel.i18n import gettext as _
from cms.settings.services import SiteSettings, load, save
from cms.web.background import settle_clocks
from cms.web.state import Cms

DATA = Path(__file__).parent / "data"
ACCOUNTS_FILE = "demo-accounts.txt"

SETTINGS = SiteSettings(
    site_name="衡山县民政局",
    organ_name="衡山县民政局",
    organ_aliases=("衡山县民政局办公室",),
    region="430423",
    address="湖南省衡阳市衡山县开云镇（演示地址）",
    phone="0734-5800110",
    office_hours="工作日 8:00–12:00，14:30–17:30",
    undertaker="衡山县民政局办公室（信息中心）",
    is_demo=True,
    uscc="11430423DEM000000X",
)

#: One account for every role; small offices combine them.
STAFF: tuple[tuple[str, str, Role, str], ...] = (
    ("tongxun", "演示通讯员", Role.CONTRIBUTOR, "社会救助股"),
    ("bianji", "演示编辑", Role.EDITOR, "办公室（信息中心）"),
    ("shenhe", "演示审核员", Role.REVIEWER, "办公室（信息中心）"),
    ("fabu", "演示发布员", Role.PUBLISHER, "办公室（信息中心）"),
    ("zhuanyuan", "演示信息公开专员", Role.OFFICER, "办公室（信息中心）"),
    ("xitong", "演示系统管理员", Role.SYSTEM_ADMIN, "办公室（信息中心）"),
    ("anquan", "演示安全管理员", Role.SECURITY_ADMIN, "办公室（信息中心）"),
    ("shenji", "演示审计管理员", Role.AUDIT_ADMIN, "办公室（信息中心）"),
)


def refuse_other_site(cms: Cms) -> None:
    """Refuse to mix the demo into a real site.

    :raises CmsError: if the site holds content and is no demo.
    """
    with cms.reading() as session:
        if session.scalar(select(Content.id).limit(1)) is not None and not load(session, SiteSettings).is_demo:
            raise CmsError(_("{site} 已有正式内容，不能再装入演示数据；请另选文件夹").format(site=cms.settings.site))


def prepare(cms: Cms) -> None:
    """Set the site up before plugins are enabled, so that they find their sections: settings, departments, sections."""
    refuse_other_site(cms)
    with cms.unit_of_work() as uow:
        if not load(uow.session, SiteSettings).is_demo:
            save(uow, SETTINGS)
    _import(cms, _as_records("department", DATA / "departments.json"), "departments.json")
    _import(cms, _as_records("section", DATA / "sections.json"), "sections.json")


def fill(cms: Cms) -> None:
    """Bring in the standard catalogue, items, tallies, letters and the report.

    :raises CmsError: if a line of the committed files cannot be imported.
    """
    with cms.unit_of_work() as uow:
        add_bundled(uow, "social_assistance", actor=MACHINE)
    with open_lines(DATA / "items.jsonl") as lines:
        _import(cms, lines, "items.jsonl")
    settle_clocks(cms)
    _import(cms, _tallies(), "tallies.jsonl")
    if "letter" in cms.contributions.importers:
        with open_lines(DATA / "letters.jsonl") as lines:
            letters = [json.dumps({"record": "letter", **json.loads(line)}, ensure_ascii=False) for line in lines]
        _import(cms, letters, "letters.jsonl")
    if "report" in cms.contributions.importers:
        report = json.loads((DATA / "report_2016.json").read_text("utf-8"))
        _import(cms, [json.dumps({"record": "report", **report}, ensure_ascii=False)], "report_2016.json")


def add_staff(cms: Cms) -> dict[str, str]:
    """Add the accounts that are missing; return their passwords, which are kept in a file only the owner can read."""
    passwords: dict[str, str] = {}
    with cms.unit_of_work() as uow:
        departments = {row.name: row.id for row in accounts.departments(uow.session)}
        for username, full_name, role, department in STAFF:
            if accounts.user_by_name(uow.session, username) is None:
                passwords[username] = make_password()
                _add(uow, username, full_name, role, departments.get(department), passwords[username])
    if passwords:
        _remember(cms.settings.site / ACCOUNTS_FILE, passwords)
    return passwords


def _add(  # noqa: PLR0917 — the columns of STAFF
    uow: UnitOfWork, username: str, full_name: str, role: Role, department_id: int | None, password: str
) -> None:
    add_user(
        uow, username, actor=MACHINE, roles=frozenset({role}), password=password, full_name=full_name,
        department_id=department_id, must_change_password=False,
    )  # fmt: skip


def _remember(path: Path, passwords: Mapping[str, str]) -> None:
    lines = "".join(f"{username}\t{password}\n" for username, password in passwords.items())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(lines)


def _import(cms: Cms, lines: Iterable[str], filename: str) -> None:
    importers = {**core_importers(cms.contributions.metrics), **cms.contributions.importers}
    reader = RecordReader(cms.types, cms.store, ImportOptions(folder=DATA, filename=filename), importers)
    report = ImportReport()
    for so_far in import_lines(lines, cms.unit_of_work, reader):
        report = so_far
    if report.errors:
        raise CmsError("\n".join(f"{filename}:{number}: {problem}" for number, problem in report.errors))


def _as_records(kind: str, path: Path) -> list[str]:
    return [json.dumps({"record": kind, **entry}, ensure_ascii=False) for entry in json.loads(path.read_text("utf-8"))]


def _tallies() -> Iterator[str]:
    with open_lines(DATA / "tallies.jsonl") as lines:
        for number, line in enumerate(lines, 1):
            yield json.dumps(
                {"record": "tally", "external_id": f"demo-tally-{number:04d}", **json.loads(line)}, ensure_ascii=False
            )
