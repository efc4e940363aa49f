"""The thinnest chain: an app starts, answers, and says so when it cannot."""


def test_health_endpoints_answer(client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "checks": {"database": "ok", "search": "ok"}}


def test_openapi_document_describes_the_search(client):
    document = client.get("/api/v1/openapi.json").json

    assert document["openapi"].startswith("3.1")
    assert "/api/v1/search" in document["paths"]
