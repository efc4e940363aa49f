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
from cms.content.queries import Listed, latest_revision, visible
from cms.content.services import create as create_item
from cms.content.services import save_draft as save_item
from cms.content.snapshot import Snapshot
from cms.content.types import META, ContentType, DefaultSection, RegisteredType
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
from cms.documents.writers.pdf import as_pdf
from cms.documents.writers.text import as_text
from cms.documents.writers.xlsx import Sheet, as_xlsx
from cms.editions.edition import AnswerKind, ApplicantClass, Edition, FeeBasis, Fees, Remedy, RemedyKind, Result
from cms.exchange.importing import Importer
from cms.figures.core import first_publications, publications_figure, tally_figure
from cms.figures.crosstab import COLUMN_CODE, ROW_CODE, CellAddress, CellEntry, CellMeasure, Crosstab
from cms.figures.figure import QUANTITY, AnySelect, Figure, ListColumn, Period
from cms.figures.registry import FigureRegistry
from cms.jobs.services import enqueue
from cms.kernel.clock import CHINA, local, local_date, local_instant
from cms.kernel.errors import CmsError, Conflict, Gone, Invalid, NotAllowed, NotFound, Unavailable
from cms.kernel.hooks import Check, Event, Filter, on
from cms.kernel.i18n import gettext
from cms.kernel.text import clean, excerpt, one_line, plain_text
from cms.media.services import add_asset
from cms.personal.codes import code_matches, new_code, seal_code
from cms.personal.columns import fingerprint_of, same, seal_into, sealed
from cms.personal.keyring import Keyring
from cms.pluginkit.plugin import MenuItem, Outlet, Plugin
from cms.pluginkit.tasks import QueuedJob, RecurringJob
from cms.registers.metrics import Metric, MetricRegistry
from cms.registers.models import RegisterEntry, Tally
from cms.registers.services import TallyInput, add_tally, counter_entry
from cms.sections.models import Section
from cms.sections.queries import SectionTree, tree
from cms.settings.declaration import SettingKind, SettingsTab, setting
from cms.settings.services import SiteSettings
from cms.settings.services import load as load_settings
from cms.web.editions import edition_on, editions
from cms.web.login import current_actor, permission
from cms.web.public import Frame, ItemLine, Link, Pager, Picture, SitePage, frame
from cms.web.render import Page, render, render_in_desk
from cms.web.state import Cms, get_cms, read_session
from cms.web.urls import absolute, item_path, path_of
from cms.workdays.calendar import CalendarUnknownError, Day, DayKind, WorkCalendar
from cms.workdays.clocks import (
    Clock,
    ClockSpec,
    Deadline,
    Pause,
    Standing,
    StripDay,
    StripKind,
    Unit,
    day_strip,
    deadline,
    standing,
)
from cms.workdays.events import CalendarChanged
from cms.workdays.queries import load_calendar

__all__ = [
    "CHINA",
    "COLUMN_CODE",
    "META",
    "QUANTITY",
    "ROW_CODE",
    "Actor",
    "Align",
    "AnswerKind",
    "AnySelect",
    "ApplicantClass",
    "Base",
    "Block",
    "BulletedList",
    "CalendarChanged",
    "CalendarUnknownError",
    "CatalogueEntry",
    "Cell",
    "CellAddress",
    "CellEntry",
    "CellMeasure",
    "Check",
    "Clock",
    "ClockSpec",
    "Cms",
    "CmsError",
    "Column",
    "Conflict",
    "Content",
    "ContentPublished",
    "ContentType",
    "ContentWithdrawn",
    "Crosstab",
    "Day",
    "DayKind",
    "Deadline",
    "DefaultSection",
    "Document",
    "Edition",
    "Event",
    "Extras",
    "FeeBasis",
    "Fees",
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
    "Keyring",
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
    "Pause",
    "Period",
    "Picture",
    "Plugin",
    "Publication",
    "PublishCheck",
    "QueuedJob",
    "ReadDocument",
    "ReadKind",
    "ReadParagraph",
    "ReadTable",
    "RecurringJob",
    "RegisterEntry",
    "RegisteredType",
    "Remedy",
    "RemedyKind",
    "Result",
    "Role",
    "Row",
    "Run",
    "Scope",
    "Section",
    "SectionTree",
    "SettingKind",
    "SettingsTab",
    "Sheet",
    "Signature",
    "SitePage",
    "SiteSettings",
    "Snapshot",
    "Span",
    "Standing",
    "StripDay",
    "StripKind",
    "Table",
    "Tally",
    "TallyInput",
    "Unavailable",
    "Unit",
    "UnitOfWork",
    "WorkCalendar",
    "absolute",
    "add_asset",
    "add_tally",
    "announce",
    "as_docx",
    "as_html",
    "as_html_page",
    "as_pdf",
    "as_text",
    "as_xlsx",
    "audit",
    "can",
    "clean",
    "code_matches",
    "counter_entry",
    "create_item",
    "current_actor",
    "day_strip",
    "deadline",
    "edition_on",
    "editions",
    "enqueue",
    "enum_by_value",
    "excerpt",
    "fields_of",
    "fingerprint_of",
    "first_publications",
    "frame",
    "get_cms",
    "gettext",
    "item_path",
    "latest_revision",
    "load_calendar",
    "load_settings",
    "local",
    "local_date",
    "local_instant",
    "meta",
    "new_code",
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
    "same",
    "save_item",
    "seal_code",
    "seal_into",
    "sealed",
    "setting",
    "standing",
    "tally_figure",
    "tree",
    "values_of",
    "visible",
]
