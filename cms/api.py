"""The public surface of the product: the only module that plugins import.

What is listed here keeps its meaning within a major version; everything else may change in any release.
"""

from cms.accounts.policy import CITIZEN, MACHINE, Actor, Role, can, require
from cms.accounts.queries import Person, departments, names_of, staff
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
    Title,
)
from cms.documents.drawing import Drawing, DrawnPage, draw_pdf
from cms.documents.readers.files import read_document
from cms.documents.reading import ReadDocument, ReadKind, ReadParagraph, ReadTable, Span
from cms.documents.writers.docx import as_docx
from cms.documents.writers.html import as_html, as_html_page
from cms.documents.writers.pdf import as_pdf
from cms.documents.writers.text import as_text
from cms.documents.writers.xlsx import Sheet, as_xlsx
from cms.editions.edition import AnswerKind, ApplicantClass, Edition, FeeBasis, Fees, Remedy, RemedyKind, Result
from cms.exchange.exporting import Exporter
from cms.exchange.importing import Importer
from cms.figures.core import first_publications, publications_figure, tally_figure
from cms.figures.crosstab import COLUMN_CODE, ROW_CODE, CellAddress, CellEntry, CellMeasure, Crosstab
from cms.figures.figure import QUANTITY, AnySelect, Figure, ListColumn, Period
from cms.figures.registry import FigureRegistry
from cms.intake.settings import IntakeSettings
from cms.intake.throttle import TooOften
from cms.jobs.services import enqueue
from cms.kernel.clock import CHINA, local, local_date, local_instant
from cms.kernel.errors import CmsError, Conflict, Gone, Invalid, NotAllowed, NotFound, Unavailable
from cms.kernel.hooks import Check, Event, Filter, on
from cms.kernel.i18n import gettext
from cms.kernel.text import clean, excerpt, one_line, plain_text
from cms.media.services import add_asset
from cms.personal.access import AccessLine, accesses_of, note_access, reveal
from cms.personal.codes import code_matches, new_code, seal_code
from cms.personal.columns import clear, fingerprint_of, same, seal_into, sealed
from cms.personal.files import FileLine, OpenedFile, SealedFiles, erase_files, files_of, keep_file, open_file
from cms.personal.handovers import (
    HandOver,
    HandOverInput,
    hand_over,
    hand_over_of,
    take_up,
    waiting_hand_overs,
    withdraw_hand_over,
)
from cms.personal.identity import is_id_number
from cms.personal.keyring import KeyMissing, Keyring, SealBroken
from cms.personal.masks import (
    PersonalValue,
    find_personal,
    mask_address,
    mask_card,
    mask_email,
    mask_id,
    mask_name,
    mask_personal,
    mask_phone,
)
from cms.personal.models import PersonalRecord, Subject
from cms.personal.retention import Retention, erase, hold
from cms.pluginkit.plugin import Entrance, MenuItem, Outlet, Plugin
from cms.pluginkit.tasks import QueuedJob, RecurringJob
from cms.registers.late import is_late_entry, late_after
from cms.registers.metrics import Metric, MetricRegistry
from cms.registers.models import RegisterEntry, Tally
from cms.registers.services import TallyInput, add_tally, counter_entry
from cms.registers.topics import offered_topics
from cms.sections.models import Section
from cms.sections.queries import SectionTree, tree
from cms.settings.declaration import SettingKind, SettingsTab, setting
from cms.settings.services import SiteSettings
from cms.settings.services import load as load_settings
from cms.sheets.batches import batches_of
from cms.sheets.cells import day_of, decimal_of, whole_of
from cms.sheets.files import MAX_ROWS as MAX_LIST_ROWS
from cms.sheets.files import ListRow, read_list
from cms.sheets.spec import CellKind, SheetColumn, SheetSpec, TakeRow, UndoEntry
from cms.sheets.spec import Value as CellValue
from cms.sheets.taking import BatchInput, ListResult, RowProblem
from cms.web.citizens import Gate, Upload, open_gate, receipt_of
from cms.web.editions import edition_on, editions
from cms.web.errors import status_of
from cms.web.files import sealed_response
from cms.web.forms.controls import ChoiceField, DayField, NumberField
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.forms.fixed import DeskForm as ServiceForm
from cms.web.lists import Paging, paging
from cms.web.login import current_actor, permission
from cms.web.lookups import look_up
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
    "CHINA", "CITIZEN", "COLUMN_CODE", "MACHINE", "MAX_LIST_ROWS", "META", "QUANTITY", "ROW_CODE", "AccessLine",
    "Actor", "Align", "AnswerKind", "AnySelect", "ApplicantClass", "Base", "BatchInput", "Block", "BulletedList",
    "CalendarChanged", "CalendarUnknownError", "CatalogueEntry", "Cell", "CellAddress", "CellEntry", "CellKind",
    "CellMeasure", "CellValue", "Check", "ChoiceField", "Clock", "ClockSpec", "Cms", "CmsError", "Column", "Conflict",
    "Content", "ContentPublished", "ContentType", "ContentWithdrawn", "Crosstab", "Day", "DayField", "DayKind",
    "Deadline", "DefaultSection", "DeskForm", "Document", "Drawing", "DrawnPage", "Edition", "Entrance", "Event",
    "Exporter", "Extras", "FeeBasis", "Fees", "Field", "FieldKind", "FieldValue", "Figure", "FigureRegistry",
    "FileLine", "Filter", "Formula", "Frame", "Gate", "Gone", "HandOver", "HandOverInput", "Heading", "Image",
    "Importer", "IntakeSettings", "Invalid", "ItemLine", "ItemView", "Json", "KeyMissing", "Keyring", "Letterhead",
    "Link", "ListColumn", "ListResult", "ListRow", "ListView", "Listed", "MenuItem", "Meta", "Metric", "MetricRegistry",
    "Model", "NotAllowed", "NotFound", "NumberField", "NumberedList", "OpenedFile", "Outlet", "Page", "PageBreak",
    "PageNumbers", "PageSetup", "Pager", "Paging", "Paper", "Paragraph", "Pause", "Period", "Person", "PersonalRecord",
    "PersonalValue", "Picture", "Plugin", "Problem", "Publication", "PublishCheck", "QueuedJob", "ReadDocument",
    "ReadKind", "ReadParagraph", "ReadTable", "RecurringJob", "RegisterEntry", "RegisteredType", "Remedy", "RemedyKind",
    "Result", "Retention", "Role", "Row", "RowProblem", "Run", "Scope", "SealBroken", "SealedFiles", "Section",
    "SectionTree", "ServiceForm", "SettingKind", "SettingsTab", "Sheet", "SheetColumn", "SheetSpec", "Signature",
    "SitePage", "SiteSettings", "Snapshot", "Span", "Standing", "StripDay", "StripKind", "Subject", "Table", "TakeRow",
    "Tally", "TallyInput", "Title", "TooOften", "Unavailable", "UndoEntry", "Unit", "UnitOfWork", "Upload",
    "WorkCalendar", "absolute", "accesses_of", "add_asset", "add_tally", "announce", "as_docx", "as_html",
    "as_html_page", "as_pdf", "as_text", "as_xlsx", "audit", "batches_of", "can", "clean", "clear", "code_matches",
    "counter_entry", "create_item", "current_actor", "day_of", "day_strip", "deadline", "decimal_of", "departments",
    "draw_pdf", "edition_on", "editions", "enqueue", "enum_by_value", "erase", "erase_files", "excerpt",
    "fields_by_name", "fields_of", "files_of", "find_personal", "fingerprint_of", "first_publications", "frame",
    "get_cms", "gettext", "hand_over", "hand_over_of", "hold", "is_id_number", "is_late_entry", "item_path",
    "keep_file", "late_after", "latest_revision", "load_calendar", "load_settings", "local", "local_date",
    "local_instant", "look_up", "mask_address", "mask_card", "mask_email", "mask_id", "mask_name", "mask_personal",
    "mask_phone", "meta", "names_of", "new_code", "note_access", "offered_topics", "on", "one_line", "open_file",
    "open_gate", "paging", "path_of", "permission", "plain_text", "publications_figure", "read_document", "read_list",
    "read_session", "receipt_of", "render", "render_in_desk", "require", "reveal", "rows", "same", "save_item",
    "seal_code", "seal_into", "sealed", "sealed_response", "setting", "show_errors", "staff", "standing", "status_of",
    "take_up", "tally_figure", "tree", "values_of", "visible", "waiting_hand_overs", "whole_of", "withdraw_hand_over",
]  # fmt: skip
