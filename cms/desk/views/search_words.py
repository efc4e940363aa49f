"""The site's own synonyms and dictionary, and its search index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.desk.forms.settings import open_form, typed_settings
from cms.jobs.services import is_waiting
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.search.words import SearchWords, change_words
from cms.settings.services import load
from cms.web.background import REBUILD, ask_for_rebuild
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session


@dataclass(frozen=True, kw_only=True)
class SearchWordsPage(DeskPage):
    """``/desk/search-words``. ``documents`` is nothing while the index cannot be read."""

    template: ClassVar[str] = "desk/admin/search_words.html"
    fields: Sequence[Field]
    problems: Sequence[Problem]
    documents: int | None
    is_rebuilding: bool


@blueprint.route("/search-words", methods=["GET", "POST"])
@permission("search.manage")
def search_words() -> ResponseReturnValue:
    """Show and change the words of the search."""
    cms, session = get_cms(), read_session()
    form = open_form(load(session, SearchWords))
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            with cms.unit_of_work() as uow:
                change_words(uow, typed_settings(SearchWords, form), actor=current_actor())
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(_("检索词已保存。"), "success")
            return redirect(url_for("desk.search_words"))
    page = SearchWordsPage(
        **desk_values(), title=_("检索词"), lead=_("让群众用自己的说法也能找到内容。"), fields=list(form),
        problems=problems, documents=None if cms.index.needs_rebuild else cms.index.count(),
        is_rebuilding=is_waiting(session, REBUILD),
    )  # fmt: skip
    return render(page), 422 if problems else 200


@blueprint.post("/search-words/rebuild")
@permission("search.manage")
def search_rebuild() -> ResponseReturnValue:
    """Let the leader build the index anew."""
    with get_cms().unit_of_work() as uow:
        ask_for_rebuild(uow, actor=current_actor())
    flash(_("已安排重建索引，期间检索照常使用。"), "success")
    return redirect(url_for("desk.search_words"))
