"""The public surface of the product: the only module that plugins import.

What is listed here keeps its meaning within a major version; everything else may change in any release.
"""

from cms.accounts.policy import Actor, Role, can, require
from cms.audit.services import record as audit
from cms.catalogue.models import CatalogueEntry
from cms.content.events import ContentPublished, ContentWithdrawn, PublishCheck
from cms.content.extras import Extras, ItemView, ListView
from cms.content.fields import Column, Field, FieldKind, FieldValue, Json, Meta, Row, fields_of, meta, rows, values_of
from cms.content.models import Content, Publication
from cms.content.publishing import announce
from cms.content.queries import Listed, visible
from cms.content.snapshot import Snapshot
from cms.content.types import META, ContentType, DefaultSection
from cms.db.base import Base, enum_by_value
from cms.db.owned import Model
from cms.db.uow import UnitOfWork
from cms.documents.blocks import (
    Align,
    Block,
    BulletedList,
    Cell,
    Document,
    Formula,
    Heading,
    Image,
    Letterhead,
    NumberedList,
    PageBreak,
    PageNumbers,
    PageSetup,
    Paper,
    Paragraph,
    Run,
    Scope,
    Signature,
    Table,
)
from cms.documents.readers.files import read_document
from cms.documents.reading import ReadDocument, ReadKind, ReadParagraph, ReadTable, Span
from cms.documents.writers.docx import as_docx
from cms.documents.writers.html import as_html, as_html_page
from cms.documents.writers.text import as_text
from cms.exchange.importing import Importer
from cms.figures.core import first_publications, publications_figure, tally_figure
from cms.figures.crosstab import COLUMN_CODE, ROW_CODE, CellAddress, CellEntry, CellMeasure, Crosstab
from cms.figures.figure import QUANTITY, AnySelect, Figure, ListColumn, Period
from cms.figures.registry import FigureRegistry
from cms.kernel.clock import CHINA, local, local_date, local_instant
from cms.kernel.errors import CmsError, Conflict, Gone, Invalid, NotAllowed, NotFound
from cms.kernel.hooks import Check, Event, Filter, on
from cms.kernel.i18n import gettext
from cms.kernel.text import clean, excerpt, one_line, plain_text
from cms.media.services import add_asset
from cms.pluginkit.plugin import MenuItem, Outlet, Plugin
from cms.registers.metrics import Metric, MetricRegistry
from cms.registers.models import RegisterEntry, Tally
from cms.registers.services import TallyInput, add_tally, counter_entry
from cms.sections.models import Section
from cms.sections.queries import SectionTree, tree
from cms.settings.services import SiteSettings
from cms.settings.services import load as load_settings
from cms.web.login import current_actor, permission
from cms.web.public import Frame, ItemLine, Link, Pager, Picture, SitePage, frame
from cms.web.render import Page, render, render_in_desk
from cms.web.state import Cms, get_cms, read_session
from cms.web.urls import absolute, item_path, path_of

__all__ = [
    "CHINA",
    "COLUMN_CODE",
    "META",
    "QUANTITY",
    "ROW_CODE",
    "Actor",
    "Align",
    "AnySelect",
    "Base",
    "Block",
    "BulletedList",
    "CatalogueEntry",
    "Cell",
    "CellAddress",
    "CellEntry",
    "CellMeasure",
    "Check",
    "Cms",
    "CmsError",
    "Column",
    "Conflict",
    "Content",
    "ContentPublished",
    "ContentType",
    "ContentWithdrawn",
    "Crosstab",
    "DefaultSection",
    "Document",
    "Event",
    "Extras",
    "Field",
    "FieldKind",
    "FieldValue",
    "Figure",
    "FigureRegistry",
    "Filter",
    "Formula",
    "Frame",
    "Gone",
    "Heading",
    "Image",
    "Importer",
    "Invalid",
    "ItemLine",
    "ItemView",
    "Json",
    "Letterhead",
    "Link",
    "ListColumn",
    "ListView",
    "Listed",
    "MenuItem",
    "Meta",
    "Metric",
    "MetricRegistry",
    "Model",
    "NotAllowed",
    "NotFound",
    "NumberedList",
    "Outlet",
    "Page",
    "PageBreak",
    "PageNumbers",
    "PageSetup",
    "Pager",
    "Paper",
    "Paragraph",
    "Period",
    "Picture",
    "Plugin",
    "Publication",
    "PublishCheck",
    "ReadDocument",
    "ReadKind",
    "ReadParagraph",
    "ReadTable",
    "RegisterEntry",
    "Role",
    "Row",
    "Run",
    "Scope",
    "Section",
    "SectionTree",
    "Signature",
    "SitePage",
    "SiteSettings",
    "Snapshot",
    "Span",
    "Table",
    "Tally",
    "TallyInput",
    "UnitOfWork",
    "absolute",
    "add_asset",
    "add_tally",
    "announce",
    "as_docx",
    "as_html",
    "as_html_page",
    "as_text",
    "audit",
    "can",
    "clean",
    "counter_entry",
    "current_actor",
    "enum_by_value",
    "excerpt",
    "fields_of",
    "first_publications",
    "frame",
    "get_cms",
    "gettext",
    "item_path",
    "load_settings",
    "local",
    "local_date",
    "local_instant",
    "meta",
    "on",
    "one_line",
    "path_of",
    "permission",
    "plain_text",
    "publications_figure",
    "read_document",
    "read_session",
    "render",
    "render_in_desk",
    "require",
    "rows",
    "tally_figure",
    "tree",
    "values_of",
    "visible",
]
