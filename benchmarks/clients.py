"""Requests over HTTP, one after the other on each of some connections.

By wrk; by asyncio where it is not installed, which itself takes a good part of the cores.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

SCRIPT = Path(__file__).with_name("requests.lua")
WRK = shutil.which("wrk")


def load(url: str, key: str, bodies: Sequence[str], *, connections: int, seconds: float) -> dict[str, Any]:
    """Requests a second, p50 and p99 in milliseconds, and how many failed (any status but 2xx and 3xx).

    Args:
        bodies: JSON, sent in turn by POST; none: GET.
    """
    if WRK is None:
        return asyncio.run(_load(url, key, bodies, connections, seconds)) | {"client": "asyncio"}
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write("\n".join(bodies))
        file.flush()
        command = [WRK, "-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}s", "-s", str(SCRIPT), url]
        command += ["--", key, *([file.name] if bodies else [])]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return result | {"client": "wrk"}


async def _load(
    url: str, key: str, bodies: Sequence[str], connections: int, seconds: float
) -> dict[str, Any]:
    took: list[float] = []
    failed = [0]
    end = time.perf_counter() + seconds
    given: Sequence[str | None] = bodies or [None]
    messages = [_message(url, key, body) for body in given]

    async def one(place: int) -> None:
        address = urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        while (begin := time.perf_counter()) < end:
            writer.write(messages[place % len(messages)])
            place += connections
            failed[0] += not await _answered(reader)
            took.append(time.perf_counter() - begin)
        writer.close()

    await asyncio.gather(*(one(place) for place in range(connections)))
    p50, p99 = np.percentile(took, [50, 99]) * 1e3
    return {
        "requests_a_second": round(len(took) / seconds, 1),
        "p50_ms": round(float(p50), 3),
        "p99_ms": round(float(p99), 3),
        "failed": failed[0],
    }


def _message(url: str, key: str, body: str | None) -> bytes:
    address = urlsplit(url)
    sent = (body or "").encode()
    head = f"{'GET' if body is None else 'POST'} {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
    head += f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    return (head + f"Content-Length: {len(sent)}\r\n\r\n").encode() + sent


async def _answered(reader: asyncio.StreamReader) -> bool:
    """Read one answer to its end; True for 2xx and 3xx."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = head.partition("content-length:")[2].partition("\r\n")[0]
    await reader.readexactly(int(length or 0))
    return head.split(" ", 2)[1][0] in "23"
