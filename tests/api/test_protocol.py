"""What is no request at all: answered in the one shape, and bounded."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from api.problems import MEDIA_TYPE
from api.protocol import LONGEST_HEADERS, LONGEST_TARGET, Protocol


class _Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def _no_app(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def answered(sent: bytes) -> tuple[bytes, dict[str, Any], bool]:
    """Status line and body of what comes back, and whether the connection is closed."""

    async def talk() -> _Wire:
        config = uvicorn.Config(_no_app, http=Protocol, log_config=None)
        config.load()
        protocol, wire = Protocol(config, ServerState(), {}), _Wire()
        protocol.connection_made(wire)
        protocol.data_received(sent)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return wire

    wire = asyncio.run(talk())
    head, _, body = wire.written.partition(b"\r\n\r\n")
    if body:
        assert f"content-type: {MEDIA_TYPE}".encode() in head
        assert f"content-length: {len(body)}".encode() in head
    return head.split(b"\r\n")[0], json.loads(body or b"{}"), wire.closed


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"FOO / HTTP/1.1\r\n\r\n",
        b"GET /\xef\xbc\x91\xff HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: a\x00b\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    ],
)
def test_what_is_no_http(sent: bytes) -> None:
    """A problem with a code of its own, and the end of the connection."""
    status, problem, closed = answered(sent)
    assert status == b"HTTP/1.1 400 Bad Request"
    assert (problem["code"], problem["status"]) == ("malformed_http", 400)
    assert problem["request_id"]
    assert closed


@pytest.mark.parametrize("length", [LONGEST_TARGET, 70_000, 500_000])
def test_an_address_without_end(length: int) -> None:
    """414, also where the parser would count it wrong (from 64 KiB on)."""
    status, problem, closed = answered(b"GET /" + b"a" * length)
    assert status.startswith(b"HTTP/1.1 414 ")
    assert problem["code"] == "too_long"
    assert closed


@pytest.mark.parametrize("header", [b"A: " + b"a" * LONGEST_HEADERS, b"A: a\r\n" * (LONGEST_HEADERS // 2)])
def test_headers_without_end(header: bytes) -> None:
    """431, for one that is long and for many that are short."""
    status, problem, closed = answered(b"GET / HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 431 ")
    assert problem["code"] == "too_long"
    assert closed


def test_a_plain_request_passes() -> None:
    """What is well is left to the application."""
    status, _, closed = answered(b"GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == b"HTTP/1.1 204 No Content"
    assert not closed
