"""A browser and the app on a port: pages are tested as citizens meet them."""

import threading

import pytest
from werkzeug.serving import make_server


@pytest.fixture
def browser(chromium):
    return chromium


@pytest.fixture
def page(browser):
    """Open a page that fails the test when a script fails or the content policy is broken."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: "Content Security Policy" in message.text and problems.append(message.text))
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def serve():
    """Serve apps on free ports; each call gives the address of one."""
    running = []

    def start(app):
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def live_server(serve, app):
    return serve(app)
