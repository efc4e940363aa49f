"""Typed site settings: a dataclass is the declaration, a JSON row is the store."""

from dataclasses import asdict, dataclass, fields
from typing import ClassVar, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cms.db.uow import UnitOfWork
from cms.settings.models import Stamp, StoredSettings


@dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """Who runs the site. Labels of the desk form: :data:`cms.desk` derives them from ``LABELS``."""

    key: ClassVar[str] = "site"

    site_name: str = "政府网站"
    """网站规范名称, the ``SiteName`` label of every page."""
    organ_name: str = ""
    """Full name of the organ that runs the site; documents issued by it count as its own."""
    organ_aliases: tuple[str, ...] = ()
    """Other names under which the organ signed documents."""
    region: str = ""
    address: str = ""
    phone: str = ""
    office_hours: str = ""
    site_id_code: str = ""
    """政府网站标识码, ten characters."""
    icp_no: str = ""
    psb_no: str = ""
    """公安备案号."""
    sponsor: str = ""
    """主办单位; empty means ``organ_name``."""
    undertaker: str = ""
    """承办单位."""
    is_demo: bool = False
    """Pages carry a demo mark and ``noindex``."""
    theme: str = "default"
    index_template: str = "{uscc}/{yyyy}-{seq:05d}"
    """How index numbers (索引号) are formed; disclosure-rules d.2."""
    uscc: str = ""
    """统一社会信用代码, used in index numbers."""

    def is_own(self, issuer: str) -> bool:
        """Tell whether ``issuer`` is this organ; an unknown issuer is not."""
        return bool(issuer) and issuer in {self.organ_name, *self.organ_aliases}


S = TypeVar("S", bound=SiteSettings)


def load(session: Session, kind: type[S]) -> S:
    """Return the stored settings of ``kind``, with defaults for what was never set."""
    row = session.get(StoredSettings, kind.key)
    known = {f.name for f in fields(kind)}
    values = {name: _thaw(value) for name, value in (row.values if row else {}).items() if name in known}
    return kind(**values)  # type: ignore[arg-type]  # stored from the same dataclass


def save(uow: UnitOfWork, settings: SiteSettings) -> None:
    """Store ``settings`` as a whole."""
    uow.session.merge(StoredSettings(key=settings.key, values=asdict(settings)))


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


def _thaw(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
