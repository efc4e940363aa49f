"""Who takes applications: what the office has filled in, and what the site says of itself where it has not."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cms.api import DisclosureSettings, SiteSettings, load_settings

from .settings import ApplicationSettings


@dataclass(frozen=True, kw_only=True)
class Office:
    """The 政府信息公开工作机构 with its ways of contact (条例 art. 4, 12)."""

    organ: str
    name: str
    address: str
    hours: str
    phone: str
    fax: str
    email: str
    postcode: str


def office_of(session: Session) -> Office:
    """Return the office of the site: what the plugin's settings say, else the disclosure guide, else the site."""
    own, site = load_settings(session, ApplicationSettings), load_settings(session, SiteSettings)
    guide = load_settings(session, DisclosureSettings)
    organ = site.organ_name or site.site_name
    return Office(
        organ=organ, name=own.office or guide.office or organ,
        address=own.office_address or guide.address or site.address,
        hours=own.office_hours or guide.hours or site.office_hours,
        phone=own.office_phone or guide.phone or site.phone, fax=own.office_fax or guide.fax,
        email=own.office_email or guide.email, postcode=own.office_postcode or guide.postcode,
    )  # fmt: skip
