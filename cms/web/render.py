"""Rendering: typed page contexts, the order of templates, what every template may use."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from flask import Flask, current_app
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)
from jinja2.loaders import split_template_path
from markupsafe import Markup

from cms.content.markup import boxed_tables, with_base
from cms.kernel.clock import local
from cms.kernel.i18n import get_locale, gettext, set_locale
from cms.kernel.telephone import pieces
from cms.pluginkit.plugin import Outlet
from cms.theming.themes import Theme
from cms.web import assets, urls
from cms.web.caching import do_not_cache
from cms.web.state import Cms, get_cms

CORE_TEMPLATES = Path(__file__).parents[1] / "templates"
Source = tuple[str, str | None, Callable[[], bool] | None]
#: Editors and administrators need stability: themes cannot replace these.
UNTHEMED = ("desk", "ui", "errors")
_DESK_FRAME = "cms_desk_frame"


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page hands to its template; the fields are the template's variables, and nothing else is."""

    template: ClassVar[str]
    title: str


def render(page: Page, template: str | None = None) -> str:
    """Return the page as HTML; ``template`` may name a more special one, used if it exists."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return _chosen(template, page.template).render(page=page, **values)


def _chosen(special: str | None, usual: str) -> Template:
    """Return the more special template if there is one; looked for once for each app, unless templates may change."""
    environment = current_app.jinja_env
    if special is None:
        return environment.get_template(usual)
    known: dict[str, str] = get_cms().kept.setdefault("cms_templates", {})
    if special not in known or environment.auto_reload:
        known[special] = environment.select_template([special, usual]).name or usual
    return environment.get_template(known[special])


def set_desk_frame(app: Flask, values: Callable[[], Mapping[str, Any]]) -> None:
    """Tell ``app`` where pages of plugins get what surrounds every page of the desk; called by the desk."""
    app.extensions[_DESK_FRAME] = values


def render_in_desk(page: Page) -> str:
    """Return a plugin's page of the desk as HTML: its own fields, and the menu, person and messages of the desk.

    Its template extends ``desk/base.html``. Plugins do not import the desk, so the desk hands its frame to the app.
    """
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    around = current_app.extensions[_DESK_FRAME]()
    return current_app.jinja_env.get_template(page.template).render(page=page, **{**around, **values})


class _Themed(ChoiceLoader):
    """Looks a name up in site, themes, plugins and core; the names of the desk in core and plugins only."""

    def __init__(self, themed: list[BaseLoader], own: list[BaseLoader]) -> None:
        super().__init__([*themed, *own])
        self._own = ChoiceLoader(own)

    def get_source(self, environment: Environment, template: str) -> Source:
        if split_template_path(template)[0] in UNTHEMED:
            return self._own.get_source(environment, template)
        return super().get_source(environment, template)

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        if split_template_path(name)[0] in UNTHEMED:
            return self._own.load(environment, name, globals)
        return super().load(environment, name, globals)


def loader_for(cms: Cms, themes: Sequence[Theme]) -> BaseLoader:
    """Return the order in which templates are looked up when ``themes`` are in use."""
    plugin_folders = [loaded.manifest.folder / "templates" for loaded in cms.loaded]
    themed = FileSystemLoader([cms.settings.site / "templates", *(theme.templates for theme in themes)])
    plugins, core = FileSystemLoader(plugin_folders), FileSystemLoader(CORE_TEMPLATES)
    originals = PrefixLoader({"core": core, "plugin": plugins}, delimiter=":")
    return ChoiceLoader([_Themed([themed], [plugins, core]), originals])


def init_rendering(app: Flask, cms: Cms) -> None:
    """Set up templates and what they may use."""
    app.jinja_loader = loader_for(cms, cms.themes)
    app.before_request(lambda: set_locale(cms.settings.locale))
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.bytecode_cache = cms.compiled
    environment.globals.update(
        _=gettext,
        static=assets.static,
        theme_static=assets.theme_static,
        plugin_static=assets.plugin_static,
        path_of=urls.path_of,
        absolute=urls.absolute,
        item_path=urls.item_path,
        outlet=outlet,
        lang=lang,
    )
    environment.filters.update(moment=moment, day=day, size=size, body=body, telephone=telephone)


def lang() -> str:
    """Return the value of the ``lang`` attribute of pages."""
    return {"zh_Hans": "zh-CN"}.get(get_locale(), get_locale())


def moment(instant: datetime | None) -> str:
    """Return an instant as ``YYYY-MM-DD HH:MM`` in Asia/Shanghai, the form that site-rules a.2 asks for."""
    return f"{local(instant):%Y-%m-%d %H:%M}" if instant else ""


def day(value: datetime | date | None) -> str:
    """Return a day as ``YYYY-MM-DD``, in Asia/Shanghai."""
    if value is None:
        return ""
    return f"{local(value) if isinstance(value, datetime) else value:%Y-%m-%d}"


_KILO = 1000


def size(number: int) -> str:
    """Return a number of bytes for people, for instance ``120 KB``."""
    amount = float(number)
    for unit in ("B", "KB", "MB"):
        if amount < _KILO or unit == "MB":
            return f"{amount:.0f} {unit}" if unit != "MB" or amount >= 10 else f"{amount:.1f} {unit}"  # noqa: PLR2004 — one decimal below ten
        amount /= _KILO
    return ""


def body(html: str) -> Markup:
    """Return stored, sanitised rich text for a page: links completed by the base path, tables in boxes that scroll."""
    return Markup(with_base(boxed_tables(html, gettext("表格")), get_cms().settings.base_path))  # noqa: S704 — sanitised on the way in, cms.content.markup


def telephone(text: str) -> Markup:
    """Return a text from a telephone field, its numbers as ``tel:`` links; a hand-held device dials them."""
    return Markup("").join(
        Markup('<a href="tel:{}">{}</a>').format(piece.number, piece.text) if piece.number else piece.text
        for piece in pieces(text)
    )


def outlet(name: str, **values: object) -> Markup:
    """Return what plugins put into the outlet ``name``; one that fails contributes nothing and is noted."""
    cms = get_cms()
    pieces = []
    for key, fill in cms.contributions.outlets.get(Outlet[name], []):
        try:
            pieces.append(Markup(fill(**values)))  # noqa: S704 — plugins return rendered templates
        except Exception:
            current_app.logger.exception("plugin %s failed in outlet %s", key, name)
            do_not_cache()
    return Markup("").join(pieces)


def render_xml(template: str, **values: object) -> str:
    """Return a document that is no page: sitemaps and the like. No theme has a say in it."""
    return current_app.jinja_env.get_template(f"core:{template}").render(**values)
