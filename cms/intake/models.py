"""Tables of the public forms. None holds a personal value: addresses are hashed, receipts are sealed."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base
from cms.personal.columns import sealed


class Attempts(Base):
    """How often somebody did something in a window of time; shared by all workers."""

    __tablename__ = "attempts"

    #: What was done: the name of a form or of a look-up.
    bucket: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: A hash of the network address that changes every day, or of a record's number; ``*`` stands for everybody.
    who: Mapped[str] = mapped_column(String(44), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    count: Mapped[int] = mapped_column(default=0)


class SpentToken(Base):
    """Something that works once: an answered question, a form that was accepted. The token itself is not kept."""

    __tablename__ = "spent_token"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(index=True)
    #: What a form was answered with (number and query code), for a while.
    receipt: Mapped[str] = sealed()
