"""Writing to the office: a letter, or a note about a mistake on the site; then the receipt."""

from collections.abc import Callable, Mapping

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import (
    Gate,
    Invalid,
    Link,
    NotFound,
    ServiceForm,
    SettingsView,
    Upload,
    absolute,
    clean,
    excerpt,
    frame,
    get_cms,
    load_settings,
    local,
    offered_topics,
    one_line,
    open_gate,
    path_of,
    read_session,
    receipt_of,
    render,
    status_of,
)  # fmt: skip
from cms.api import gettext as _

from .receiving import LetterInput, Sender, receive
from .settings import LetterSettings
from .site_pages import ErrorForm, ReceiptPage, WriteForm, WritePage
from .site_paths import HOME
from .terms import Category, Channel
from .viewing import subject_of
