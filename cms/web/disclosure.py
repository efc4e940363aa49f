"""What the disclosure guide is made of, as the site, the desk and the doctor ask for it."""

from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from cms.catalogue.disclosure import DisclosureSettings
from cms.catalogue.guide import GuideFacts
from cms.kernel.clock import local_date
from cms.settings.services import SiteSettings, load
from cms.web.state import Cms


def guide_facts(cms: Cms, session: Session) -> GuideFacts:
    """Return what the guide says today; needs no request, so that the command line can ask as well."""
    today = local_date(cms.clock.now())
    parts = urlsplit(cms.settings.public_url)
    root = f"{parts.scheme}://{parts.netloc}{cms.settings.base_path}"
    apply = next((one.path for one in cms.contributions.entrances if one.block == "apply"), "")
    return GuideFacts(
        site=load(session, SiteSettings), own=load(session, DisclosureSettings), edition=cms.editions.on(today),
        today=today, address=f"{root}/zwgk/", catalogue_address=f"{root}/zwgk/catalogue/",
        apply_address=f"{root}{apply}" if apply else "",
    )  # fmt: skip
