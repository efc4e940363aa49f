"""The public surface of the product: the only module that plugins import.

What is listed here keeps its meaning within a major version; everything else may change in any release.
"""

from cms.accounts.policy import CITIZEN, MACHINE, Actor, Role, can, require
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
from cms.editions.edition import AnswerKind, ApplicantClass, Edition, FeeBasis, Fees, Remedy, RemedyKind, Result
from cms.exchange.importing import Importer
from cms.figures.core import first_publications, publications_figure, tally_figure
from cms.figures.figure import QUANTITY, AnySelect, Figure, FigureRegistry, ListColumn, Period
from cms.intake.settings import IntakeSettings
from cms.intake.throttle import TooOften
from cms.jobs.services import enqueue
from cms.kernel.clock import CHINA, local, local_date, local_instant
from cms.kernel.errors import CmsError, Conflict, Gone, Invalid, NotAllowed, NotFound
from cms.kernel.hooks import Check, Event, Filter, on
from cms.kernel.i18n import gettext
from cms.kernel.text import clean, excerpt, one_line, plain_text
from cms.media.services import add_asset
from cms.personal.access import AccessLine, accesses_of, note_access, reveal
from cms.personal.codes import code_matches, new_code, seal_code
from cms.personal.columns import clear, fingerprint_of, same, seal_into, sealed
from cms.personal.files import FileLine, OpenedFile, SealedFiles, erase_files, files_of, keep_file, open_file
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
from cms.web.citizens import Gate, Upload, open_gate, receipt_of
from cms.web.editions import edition_on, editions
from cms.web.errors import status_of
from cms.web.files import sealed_response
from cms.web.forms.controls import ChoiceField, DayField, NumberField
from cms.web.forms.fixed import DeskForm as ServiceForm
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
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
    "CHINA",
    "CITIZEN",
    "MACHINE",
    "META",
    "QUANTITY",
    "AccessLine",
    "Actor",
    "AnswerKind",
    "AnySelect",
    "ApplicantClass",
    "Base",
    "CalendarChanged",
    "CalendarUnknownError",
    "CatalogueEntry",
    "Check",
    "ChoiceField",
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
    "Day",
    "DayField",
    "DayKind",
    "Deadline",
    "DefaultSection",
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
    "FileLine",
    "Filter",
    "Frame",
    "Gate",
    "Gone",
    "Importer",
    "IntakeSettings",
    "Invalid",
    "ItemLine",
    "ItemView",
    "Json",
    "KeyMissing",
    "Keyring",
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
    "NumberField",
    "OpenedFile",
    "Outlet",
    "Page",
    "Pager",
    "Pause",
    "Period",
    "PersonalRecord",
    "PersonalValue",
    "Picture",
    "Plugin",
    "Problem",
    "Publication",
    "PublishCheck",
    "QueuedJob",
    "RecurringJob",
    "RegisterEntry",
    "Remedy",
    "RemedyKind",
    "Result",
    "Retention",
    "Role",
    "Row",
    "SealBroken",
    "SealedFiles",
    "Section",
    "SectionTree",
    "ServiceForm",
    "SettingKind",
    "SettingsTab",
    "SitePage",
    "SiteSettings",
    "Snapshot",
    "Standing",
    "StripDay",
    "StripKind",
    "Subject",
    "Tally",
    "TallyInput",
    "TooOften",
    "Unit",
    "UnitOfWork",
    "Upload",
    "WorkCalendar",
    "absolute",
    "accesses_of",
    "add_asset",
    "add_tally",
    "announce",
    "audit",
    "can",
    "clean",
    "clear",
    "code_matches",
    "counter_entry",
    "current_actor",
    "day_strip",
    "deadline",
    "edition_on",
    "editions",
    "enqueue",
    "enum_by_value",
    "erase",
    "erase_files",
    "excerpt",
    "fields_by_name",
    "fields_of",
    "files_of",
    "find_personal",
    "fingerprint_of",
    "first_publications",
    "frame",
    "get_cms",
    "gettext",
    "hold",
    "is_id_number",
    "item_path",
    "keep_file",
    "load_calendar",
    "load_settings",
    "local",
    "local_date",
    "local_instant",
    "look_up",
    "mask_address",
    "mask_card",
    "mask_email",
    "mask_id",
    "mask_name",
    "mask_personal",
    "mask_phone",
    "meta",
    "new_code",
    "note_access",
    "on",
    "one_line",
    "open_file",
    "open_gate",
    "path_of",
    "permission",
    "plain_text",
    "publications_figure",
    "read_session",
    "receipt_of",
    "render",
    "render_in_desk",
    "require",
    "reveal",
    "rows",
    "same",
    "seal_code",
    "seal_into",
    "sealed",
    "sealed_response",
    "setting",
    "show_errors",
    "standing",
    "status_of",
    "tally_figure",
    "tree",
    "values_of",
    "visible",
]
