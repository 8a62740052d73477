"""Health, metrics, the snippet, logs, secrets, settings."""

from __future__ import annotations

import json
import logging
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import structlog

from api.logs import configure_logs
from api.secrets import open_secret
from api.settings import Settings, read_settings
from indexing.contracts.errors import ConfigError
from tests.api.conftest import Service


def test_ready(service: Service) -> None:
    """With the version that answers."""
    answer = service.call("GET", "/v1/health/ready").json()
    view = service.shop.views.current
    assert view is not None
    assert (answer["status"], answer["version"]) == ("ok", view.version)
    assert [note["code"] for note in answer["notes"]] == ["keeper_missing"]


def test_ready_says_that_something_else_is_published(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keeper could not open it: workers serve what was there, and whoever runs the service is told."""
    current = service.shop.settings.home / "live" / "current"
    current.parent.mkdir(exist_ok=True)
    monkeypatch.setattr("api.service.standing.keeper_alive", lambda _home: True)
    try:
        for text, codes in (
            ('{"snapshot":"s","seq":1,"trouble":"s2 is broken"}', ["not_live"]),
            ('{"snapshot":"s","seq":1}', []),
            ('{"snapsh', []),
        ):
            current.write_text(text)
            answer = service.call("GET", "/v1/health/ready").json()
            assert [note["code"] for note in answer.get("notes", [])] == codes
    finally:
        current.unlink()


def test_metrics_count(service: Service) -> None:
    """Requests by route, stages, events, notes; ids never become labels."""
    service.post("/v1/search", {"query": "手机"})
    service.call("GET", "/v1/items/very-special-id")
    text = service.call("GET", "/metrics").text
    assert re.search(r'daogou_requests_total\{method="POST",route="/v1/search",status="200"\} \d+', text)
    assert re.search(r'daogou_stage_seconds_count\{kind="search",stage="retrieve"\} \d+', text)
    assert 'route="/v1/items/{item_id}",status="404"' in text
    assert "very-special-id" not in text
    assert "daogou_catalogue_seq 50.0" in text


def test_the_snippet_is_small_and_cached(service: Service) -> None:
    """Under 5 KB on the wire, without a key, from any page; unchanged it is not sent again."""
    response = service.call("GET", "/v1/daogou.js", key=None)
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["access-control-allow-origin"] == "*"
    assert len(response.content) < 5000
    for name in ("view_item", "click", "search", "add_to_cart", "purchase", "impression", "sendBeacon"):
        assert name in response.text
    headers = {"If-None-Match": response.headers["etag"]}
    assert service.call("GET", "/v1/daogou.js", key=None, headers=headers).status_code == 304


@pytest.mark.skipif(shutil.which("node") is None, reason="no node to read JavaScript with")
def test_the_snippet_can_be_read(service: Service, tmp_path: Path) -> None:
    """What is sent is JavaScript."""
    path = tmp_path / "daogou.js"
    path.write_bytes(service.call("GET", "/v1/daogou.js").content)
    subprocess.run(["node", "--check", str(path)], check=True)


def test_logs_hide_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is named like a secret or a person is masked, and lines are JSON."""
    before = logging.getLogger().handlers, logging.getLogger().level
    try:
        configure_logs(form="json", level="info")
        structlog.get_logger("api").info("hello", key="dg_1", user_id="u-1", client_id="c-1", route="/v1/x")
        logging.getLogger("some.library").warning("careful")
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    finally:
        logging.getLogger().handlers, level = before
        logging.getLogger().setLevel(level)
        structlog.reset_defaults()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    assert lines[0]["event"] == "hello"
    assert (lines[0]["key"], lines[0]["user_id"], lines[0]["client_id"]) == ("***",) * 3
    assert (lines[0]["route"], lines[0]["level"]) == ("/v1/x", "info")
    assert (lines[1]["event"], lines[1]["logger"]) == ("careful", "some.library")


def test_secrets_are_made_once_and_for_their_owner(tmp_path: Path) -> None:
    """The same for everybody who opens it; nobody else may read it."""
    first = open_secret(tmp_path / "secrets", "cursor")
    assert open_secret(tmp_path / "secrets", "cursor") == first
    assert open_secret(tmp_path / "secrets", "users") != first
    assert len(first) == 64
    path = tmp_path / "secrets" / "cursor.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(one.name for one in path.parent.iterdir()) == ["cursor.key", "users.key"]


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Emptied, or no file at all: what it would sign could be forged, or nothing could be read."""
    (tmp_path / "cursor.key").write_bytes(b"\0")
    (tmp_path / "users.key").mkdir()
    with pytest.raises(ConfigError, match=r"cursor\.key holds no secret"):
        open_secret(tmp_path, "cursor")
    with pytest.raises(ConfigError, match=r"users\.key cannot be read"):
        open_secret(tmp_path, "users")


def test_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is given, else the environment, else the default; a bad one is named; keys are masked."""
    monkeypatch.setenv("DAOGOU_PORT", "9000")
    monkeypatch.setenv("DAOGOU_STOREFRONT_KEY", "dg_secret")
    found = read_settings({"home": tmp_path})
    assert (found.port, found.workers, found.home) == (9000, 2, tmp_path)
    assert read_settings({"port": 1}).port == 1
    assert "dg_secret" not in repr(found)
    monkeypatch.setenv("DAOGOU_WORKERS", "none")
    with pytest.raises(ConfigError, match="DAOGOU_WORKERS is 'none'"):
        read_settings()


def test_settings_are_read_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing looks at the environment while it is imported."""
    monkeypatch.setenv("DAOGOU_HOST", "::1")
    assert Settings().host == "::1"
