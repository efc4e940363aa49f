"""Making actively public what was asked for (条例 art. 44): one click makes a draft with its catalogue entry."""

from markupsafe import Markup

from cms.api import (
    META,
    Actor,
    Cms,
    Invalid,
    NotAllowed,
    SectionTree,
    Snapshot,
    UnitOfWork,
    create_item,
    one_line,
    require,
    tree,
)  # fmt: skip
from cms.api import gettext as _

from . import answering
from .history import Entry, remark
from .models import Application
from .terms import HANDLE

_CATALOGUE = "catalogue"


def sections_for(cms: Cms, sections: SectionTree) -> list[tuple[int, str]]:
    """Return the sections that take disclosed items, by id and title with the way to it."""
    found = []
    for section in sections.walk():
        kind = cms.types.get(section.default_type) if section.default_type else None
        if kind is not None and kind.declared.is_disclosed:
            found.append((section.id, " / ".join(one.title for one in sections.ancestors(section))))
    return found


def publicise(uow: UnitOfWork, cms: Cms, application: Application, *, actor: Actor, section_id: int, title: str) -> int:
    """Make a draft of what was given to the applicant; review and publication go their usual way. Return its id.

    Files are not taken over: what one person may have is looked through again before everybody gets it.

    :raises NotAllowed: without permission, before the answer, or a second time. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    if application.closed_on is None or application.voided_at is not None:
        raise NotAllowed(_("办结后才能转为主动公开。"))
    if application.content_id is not None:
        raise NotAllowed(_("这件申请已经转为主动公开。"))
    section = tree(uow.session).by_id.get(section_id)
    if section is None or section_id not in dict(sections_for(cms, tree(uow.session))):
        raise Invalid({"section_id": [_("请选择栏目。")]})
    answers = answering.answers_of(uow.session, application.id)
    text = answers[-1].provided if answers else ""
    body = Markup("").join(Markup("<p>{}</p>").format(line) for line in text.split("\n") if line.strip())
    snapshot = Snapshot(
        title=one_line(title), section_id=section_id, body=str(body),
        parts={META: {}, _CATALOGUE: {"doc_no": application.doc_no, "openness": "public"}},
    )  # fmt: skip
    content = create_item(uow, cms.types.require(section.default_type), snapshot, actor=actor)
    application.content_id = content.id
    remark(uow, application, "publicised", actor=actor, entry=Entry(note=one_line(title)))
    return content.id
