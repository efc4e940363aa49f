"""What every snapshot goes through before it becomes a revision: cleaning, completing, refusing."""

from sqlalchemy import select

from cms.accounts.models import Department
from cms.content import markup
from cms.content.snapshot import Snapshot
from cms.content.types import RegisteredType, refuse
from cms.db.uow import UnitOfWork
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, excerpt, one_line, plain_text
from cms.media.models import Asset
from cms.sections.models import Section
from cms.settings.services import SiteSettings, load

MAX_TITLE = 300
MAX_BODY = 2_000_000
#: Sizes of the columns that source and issuer go to.
MAX_NAME = 200


def tidy(uow: UnitOfWork, kind: RegisteredType, snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` cleaned and complete.

    :raises Invalid: by field, with everything that is wrong.
    """
    errors: dict[str, list[str]] = {}
    title, body = one_line(snapshot.title), markup.sanitise(snapshot.body)
    if not title:
        errors["title"] = [_("请填写标题。")]
    elif len(title) > MAX_TITLE:
        errors["title"] = [_("标题最多 {n} 个字，现有 {m} 个。").format(n=MAX_TITLE, m=len(title))]
    if len(snapshot.body) > MAX_BODY:
        errors["body"] = [_("正文过长，请把长文件作为附件上传。")]
    if uow.session.get(Section, snapshot.section_id) is None:
        errors["section_id"] = [_("请选择栏目。")]
    if snapshot.department_id is not None and uow.session.get(Department, snapshot.department_id) is None:
        errors["department_id"] = [_("所选的科室已不存在，请重新选择。")]
    _check_assets(uow, snapshot, errors)
    parts = kind.parse(snapshot.parts, errors)
    for part, meta_class in kind.parts.items():
        for name, lines in meta_class.problems(uow, parts[part]).items():
            errors.setdefault(name, []).extend(lines)
    refuse(errors)
    site = load(uow.session, SiteSettings)
    return Snapshot(
        title=title,
        section_id=snapshot.section_id,
        body=body,
        summary=clean(snapshot.summary) or excerpt(plain_text(body)),
        keywords=snapshot.keywords,
        source=one_line(snapshot.source)[:MAX_NAME] or site.organ_name,
        issuer=one_line(snapshot.issuer)[:MAX_NAME] or site.organ_name,
        department_id=snapshot.department_id,
        cover_id=snapshot.cover_id,
        expires_at=snapshot.expires_at,
        assets=snapshot.assets,
        parts=parts,
    )


def _check_assets(uow: UnitOfWork, snapshot: Snapshot, errors: dict[str, list[str]]) -> None:
    wanted = {use.asset_id for use in snapshot.assets} | ({snapshot.cover_id} if snapshot.cover_id else set())
    if wanted and wanted - set(uow.session.scalars(select(Asset.id).where(Asset.id.in_(wanted)))):
        errors["assets"] = [_("有附件已不存在，请重新上传。")]
