"""Making things for tests, through the same services as everybody; no surprising behaviour."""

from collections.abc import Mapping
from datetime import datetime

from cms.accounts import services as accounts
from cms.accounts.models import User
from cms.accounts.policy import MACHINE, Actor, Role
from cms.accounts.queries import actor_of
from cms.content import publishing, services
from cms.content.enums import Origin
from cms.content.fields import Json
from cms.content.models import Content
from cms.content.snapshot import Snapshot
from cms.content.types import META
from cms.sections.models import Section
from cms.sections.queries import tree
from cms.sections.services import SectionInput, save_section
from cms.settings.services import SiteSettings, load
from cms.web.state import Cms

PASSWORD = "Correct-Horse-7"  # noqa: S105 — of accounts that exist in tests only


def make_user(cms: Cms, username: str, *roles: Role, password: str = PASSWORD) -> Actor:
    """Add an account that need not change its password; return it as an actor."""
    with cms.unit_of_work() as uow:
        user: User = accounts.add_user(
            uow, username, actor=MACHINE, roles=frozenset(roles), password=password, must_change_password=False
        )
        uow.session.flush()
        uow.session.refresh(user)
        return actor_of(user, cms.contributions.policy)


def make_section(cms: Cms, path: str, title: str = "栏目", *, default_type: str = "", review_steps: int = 1) -> int:
    """Add a section, its parent must exist; return its id."""
    parent_path, _slash, segment = path.rpartition("/")
    with cms.unit_of_work() as uow:
        parent = tree(uow.session).by_path.get(parent_path)
        given = SectionInput(
            segment=segment, title=title, parent_id=parent.id if parent else None, default_type=default_type,
            review_steps=review_steps,
        )  # fmt: skip
        section: Section = save_section(uow, None, given, actor=MACHINE)
        return section.id


def section_of(cms: Cms, kind: str) -> int:
    """Return the id of a section for items of type ``kind``."""
    with cms.reading() as session:
        home = tree(session).home_of(kind)
        if home is None:
            raise LookupError(f"no section takes {kind}")
        return home.id


def make_draft(
    cms: Cms,
    kind: str,
    title: str = "标题",
    *,
    body: str = "<p>正文。</p>",
    actor: Actor = MACHINE,
    section_id: int | None = None,
    meta: Mapping[str, Json] | None = None,
    catalogue: Mapping[str, Json] | None = None,
    **more: object,
) -> int:
    """Write a draft; return the id of the item. ``more`` are further fields of the snapshot."""
    registered = cms.types.require(kind)
    parts: dict[str, Mapping[str, Json]] = {META: meta or {}}
    if catalogue is not None:
        parts["catalogue"] = catalogue
    snapshot = Snapshot(
        title=title, section_id=section_id or section_of(cms, kind), body=body, parts=parts,
        **more,  # type: ignore[arg-type]  # fields of the snapshot by name
    )  # fmt: skip
    with cms.unit_of_work() as uow:
        return services.create(uow, registered, snapshot, actor=actor).id


def make_published(cms: Cms, kind: str, title: str = "标题", *, at: datetime | None = None, **more: object) -> int:
    """Write and publish an item past all reviews; ``at`` dates it back like an import does. Return its id."""
    content_id = make_draft(cms, kind, title, **more)  # type: ignore[arg-type]  # passed through
    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, content_id)
        revision = publishing.get_revision(uow, content.latest_revision_id)
        is_own = load(uow.session, SiteSettings).is_own(Snapshot.from_json(revision.snapshot).issuer)
        publishing.apply_revision(
            uow, cms.types.require(kind), content, revision, actor=MACHINE, is_own=is_own,
            effective_at=at or uow.clock.now(), origin=Origin.IMPORT if at else Origin.DESK,
        )  # fmt: skip
    return content_id
