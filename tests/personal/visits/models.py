from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, fingerprint_of, sealed


class Visit(Model, table="visit"):
    id: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    closed_on: Mapped[date | None]
    personal: Mapped[str] = sealed()
    id_print: Mapped[str] = fingerprint_of("personal", kind="id_number", field="id_number")
    code: Mapped[str] = sealed()
