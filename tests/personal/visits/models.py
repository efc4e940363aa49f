from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, PersonalRecord, fingerprint_of, sealed


class Visit(PersonalRecord, Model, table="visit"):
    number: Mapped[str] = mapped_column(String(20), default="", index=True)
    outcome: Mapped[str]
    closed_on: Mapped[date | None]
    personal: Mapped[str] = sealed()
    id_print: Mapped[str] = fingerprint_of("personal", kind="id_number", field="id_number")
    code: Mapped[str] = sealed()
    #: Personal as well, but kept as plain text by a plugin that does not know better.
    remark: Mapped[str] = mapped_column(default="")
