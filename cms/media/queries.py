"""Reading assets."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.media.models import Asset


def assets_by_id(session: Session, asset_ids: Iterable[int]) -> dict[int, Asset]:
    """Return those of the assets that exist, in one query."""
    wanted = set(asset_ids)
    return {one.id: one for one in session.scalars(select(Asset).where(Asset.id.in_(wanted)))} if wanted else {}
