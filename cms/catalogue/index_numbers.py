"""Index numbers (索引号): formed by the site's template, given once, never reused, never moved.

There is no single national scheme (disclosure-rules d.2), so the template is a setting. Gaps do no harm.
"""

import re
from datetime import date

from sqlalchemy import text

from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.settings.services import SiteSettings, load

_TOKEN = re.compile(r"\{(\w+)(?::0(\d)d)?\}")
_KNOWN = frozenset({"uscc", "region", "yyyy", "yyyymmdd", "seq"})


def allocate(uow: UnitOfWork, day: date) -> str:
    """Return the next index number for an item published on ``day``; the counter runs by year."""
    site = load(uow.session, SiteSettings)
    return render(site.index_template, site, day, next_serial(uow, str(day.year)))


def next_serial(uow: UnitOfWork, scope: str) -> int:
    """Return the next serial number of ``scope``, safe against other units of work."""
    bump = text(
        "INSERT INTO catalogue_counter (scope, last) VALUES (:scope, 1) "
        "ON CONFLICT (scope) DO UPDATE SET last = catalogue_counter.last + 1 RETURNING last"
    )
    return int(uow.session.scalar(bump, {"scope": scope}) or 0)


def render(template: str, site: SiteSettings, day: date, serial: int) -> str:
    """Fill the tokens of ``template``; without an organisation code the part before the year falls away."""
    values = {
        "uscc": site.uscc, "region": site.region, "yyyy": f"{day:%Y}", "yyyymmdd": f"{day:%Y%m%d}", "seq": str(serial)
    }  # fmt: skip
    filled = _TOKEN.sub(lambda match: values[match[1]].zfill(int(match[2] or 0)), template)
    return filled.strip("/- ")


def check_template(template: str) -> None:
    """Refuse a template that could give the same number twice.

    :raises Invalid: field ``index_template``.
    """
    tokens = {match[1] for match in _TOKEN.finditer(template)}
    problems = [_("未知的标记：{name}。").format(name=name) for name in sorted(tokens - _KNOWN)]
    if not {"seq"} <= tokens or not tokens & {"yyyy", "yyyymmdd"}:
        problems.append(_("索引号规则须包含年份 {yyyy} 和流水号 {seq:05d}。"))
    if problems:
        raise Invalid({"index_template": problems})
