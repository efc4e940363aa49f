"""How the site is doing: the checks of ``cms doctor``, and the jobs that failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from cms import __version__
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.jobs.models import Job
from cms.jobs.services import failed_jobs, retry
from cms.kernel.errors import NotFound
from cms.kernel.i18n import gettext as _
from cms.web.doctor import Check, Level, examine
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session


@dataclass(frozen=True, kw_only=True)
class SystemPage(DeskPage):
    """``/desk/system``."""

    template: ClassVar[str] = "desk/admin/system.html"
    checks: Sequence[Check]
    failing: int
    warning: int
    jobs: Sequence[Job]
    version: str


@blueprint.get("/system")
@permission("settings.manage")
def system() -> str:
    """Show how the site is doing, the worst first."""
    order = [Level.FAIL, Level.WARN, Level.OK]
    checks = sorted(examine(get_cms()), key=lambda check: order.index(check.level))
    page = SystemPage(
        **desk_values(), title=_("运行状况"), checks=checks, jobs=failed_jobs(read_session()), version=__version__,
        failing=sum(check.level is Level.FAIL for check in checks),
        warning=sum(check.level is Level.WARN for check in checks),
    )  # fmt: skip
    return render(page)


@blueprint.post("/system/jobs/<int:job_id>/retry")
@permission("settings.manage")
def job_retry(job_id: int) -> ResponseReturnValue:
    """Let a failed job be tried again."""
    try:
        with get_cms().unit_of_work() as uow:
            retry(uow, job_id, actor=current_actor())
    except NotFound as refused:
        flash(str(refused), "error")
    else:
        flash(_("任务将重新执行。"), "success")
    return redirect(url_for("desk.system"))
