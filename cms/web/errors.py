"""Errors to HTTP, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from flask import Flask, Response, current_app, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from cms.intake.throttle import TooOften
from cms.kernel.errors import CmsError, Conflict, Gone, Invalid, NotAllowed, NotFound, Unavailable
from cms.kernel.i18n import gettext as _
from cms.web.render import Page, render

STATUS: dict[type[CmsError], int] = {
    NotFound: 404, Gone: 410, NotAllowed: 403, TooOften: 429, Invalid: 422, Conflict: 409, Unavailable: 503
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    """A page that says what went wrong and what to do."""

    template: ClassVar[str] = "errors/error.html"
    status: int
    lines: tuple[str, ...]


#: Makes the page of an error from status, title and lines.
ErrorPages = Callable[[int, str, tuple[str, ...]], Page]
_EXTENSION = "cms_error_pages"


def dress_errors(app: Flask, pages: ErrorPages) -> None:
    """Show errors outside the desk on ``pages``: the public site knows its frame, this layer does not."""
    app.extensions[_EXTENSION] = pages


def status_of(error: CmsError) -> int:
    """Return the HTTP status that stands for ``error``, for views that show it on their own page."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)


def _texts() -> dict[int, tuple[str, str]]:
    return {
        400: (_("请求无法处理"), _("提交的内容不完整或已过期，请返回上一页刷新后重试。")),
        403: (_("没有权限"), _("您没有查看这个页面或进行这项操作的权限。")),
        404: (_("页面不存在"), _("您访问的页面不存在，可能地址有误或已被移动。")),
        405: (_("请求无法处理"), _("这个地址不支持这种访问方式。")),
        409: (_("内容已被他人修改"), _("在您编辑期间，别人已保存过。请刷新后重试。")),
        410: (_("内容已撤回"), _("您访问的内容已由发布机关撤回。")),
        413: (_("文件过大"), _("上传的文件超过了上限。")),
        422: (_("填写有误"), _("提交的内容有误，请按提示修改。")),
        429: (_("访问过于频繁"), _("请稍后再试。")),
        500: (_("系统出错"), _("网站暂时出现问题，我们已记录，请稍后再试。")),
        503: (_("暂时无法提供服务"), _("系统正在维护，请稍后再试。")),
    }


def error_response(status: int, *lines: str) -> Response:
    """Return the error page, or JSON where the API was asked."""
    title, usual = _texts().get(status, _texts()[500 if status >= 500 else 400])  # noqa: PLR2004 — HTTP's classes
    if request.path.startswith("/api/"):
        return make_response(jsonify(error=title, problems=list(lines) or [usual]), status)
    return make_response(_dressed(status, title, lines or (usual,)), status)


def _dressed(status: int, title: str, lines: tuple[str, ...]) -> str:
    pages: ErrorPages | None = current_app.extensions.get(_EXTENSION)
    if pages and not request.path.startswith("/desk"):
        try:
            return render(pages(status, title, lines))
        except Exception:
            # What broke the page may break its frame as well; the plain page needs nothing.
            current_app.logger.exception("the error page of the theme failed")
    return render(ErrorPage(title=title, status=status, lines=lines))


def init_errors(app: Flask) -> None:
    """Answer every error with a page in the user's words."""

    @app.errorhandler(CmsError)
    def _ours(error: CmsError) -> Response:
        status = status_of(error)
        if isinstance(error, NotAllowed):
            return error_response(status, *error.problems)
        if isinstance(error, Invalid):
            return error_response(status, *(line for lines in error.errors.values() for line in lines))
        return error_response(status, *([str(error)] if isinstance(error, (Conflict, Unavailable)) else []))

    @app.errorhandler(OverflowError)
    def _beyond(_error: OverflowError) -> Response:
        # Numbers in addresses that no database can hold name nothing.
        return error_response(404)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004 — redirects pass
            return make_response(error.get_response())
        return error_response(error.code)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        current_app.logger.error("unexpected error", exc_info=error)
        if current_app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        return error_response(500)
