"""A browser and a tiny server with the desk's strict policy: behaviour is tested as editors meet it."""

import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, Response, abort, jsonify, request, send_from_directory
from werkzeug.serving import make_server

# The sample pages are a script of their own as well; with importlib mode its folder is not on the path.
sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "cms" / "static"
POLICY = "default-src 'self'; img-src 'self' data: blob:"
STYLESHEETS = ("desk", "components", "records", "editor")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000201a4f1b7c80000000049454e44ae426082"
)


@dataclass
class DeskServer:
    """Pages the test puts there, what was uploaded to it and which forms it received."""

    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    uploads: list[tuple[str, str | None]] = field(default_factory=list)
    forms: list[dict[str, list[str]]] = field(default_factory=list)
    refuse: str | None = None

    def show(self, body: str, path: str = "/page") -> str:
        """Serve ``body`` as a desk page and return its address."""
        from render_styleguide import environment

        self.pages[path] = (
            '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>测试</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            + "".join(f'<link rel="stylesheet" href="/static/desk/{name}.css">' for name in STYLESHEETS)
            + f"{environment().get_template('ui/behaviours.html').module.behaviours()}</head>"
            f"<body>{body}</body></html>"
        )
        return self.url + path


def application(desk: DeskServer) -> Flask:
    app = Flask("desk-test", static_folder=None)

    @app.get("/static/<path:name>")
    def static(name: str) -> Response:
        return send_from_directory(STATIC, name)

    @app.get("/media/<path:name>")
    def media(name: str) -> Response:
        return Response(PIXEL, mimetype="image/png")

    @app.post("/desk/media/upload")
    def upload() -> tuple[Response, int]:
        name = request.files["file"].filename or ""
        desk.uploads.append((name, request.headers.get("X-CSRFToken")))
        if desk.refuse:
            return jsonify(error=desk.refuse), 422
        number = len(desk.uploads)
        return jsonify(url=f"/media/{number}.png", id=number, alt="", name=name), 201

    @app.route("/<path:name>", methods=["GET", "POST"])
    def page(name: str) -> str:
        if request.method == "POST":
            desk.forms.append(request.form.to_dict(flat=False))
            return "<!doctype html><title>已收到</title><p>已收到"
        return desk.pages.get(f"/{name}") or abort(404)

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


@pytest.fixture
def desk() -> Iterator[DeskServer]:
    served = DeskServer()
    server = make_server("127.0.0.1", 0, application(served), threaded=True)
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tab(chromium):
    """Open a page that fails the test when a script fails or the policy is broken."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: "Content Security Policy" in message.text and problems.append(message.text))
    yield page
    context.close()
    assert problems == []
