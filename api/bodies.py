"""Reading what was sent: sizes first, then JSON, then types. Nothing unbounded is ever decoded."""

from __future__ import annotations

import asyncio
import json
import re
import types
import typing
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar, get_args, get_origin
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request

from api.problems import BodyError
from indexing.contracts.errors import InputError
from indexing.contracts.faults import input_error, printable, shown

T = TypeVar("T", bound=msgspec.Struct)
SMALL = 64 * 1024
EVENTS = 1024 * 1024
BULK = 8 * 1024 * 1024
LONGEST_ADDRESS = 8 * 1024
PATIENCE_SECONDS = 30.0
"""How long a body may take to arrive."""
_WITHIN = re.compile(r"(\w+)(?:\.(.*)|\[(.*)\])", re.S)
JSON_TYPES = frozenset({"application/json", ""})  # a body without a type is taken as what it should be


def media_type(request: Request) -> str:
    """The body's media type, lower case, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_bytes(request: Request, *, most: int, media_types: frozenset[str] = JSON_TYPES) -> bytes:
    """The body.

    Raises:
        BodyError: 415 for another media type or a compressed body, 413 beyond ``most`` bytes (no more than
            that is ever read), 408 for one that does not come.
    """
    given = media_type(request)
    if given not in media_types:
        expected = " or ".join(sorted(media_types - {""}))
        detail = f"the body is {printable(given)!r}; expected {expected}"
        raise BodyError(detail, status=415, code="unsupported_media_type")
    coding = request.headers.get("content-encoding", "identity")
    if coding.strip().lower() not in ("", "identity"):
        detail = f"the body is in the coding {printable(coding)!r}; send it as it is, not compressed"
        raise BodyError(detail, status=415, code="unsupported_encoding")
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > most:
        raise _too_large(most)
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise _too_large(most)
    except TimeoutError:
        detail = f"the body was not whole after {PATIENCE_SECONDS:g} s; send it again"
        raise BodyError(detail, status=408, code="too_slow") from None
    except ClientDisconnect:
        raise InputError("the client left before the body was whole", code="incomplete_body") from None
    return bytes(body)


def decode(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """JSON to a type.

    Raises:
        InputError: ``not_utf8``, ``not_unicode``, ``malformed_json``, ``too_deep``, or what a field got
            wrong.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise input_error(error, known=_known(decoder.type)) from None
    except UnicodeDecodeError:
        raise InputError("the body is not UTF-8", code="not_utf8") from None
    except msgspec.DecodeError as error:
        if "surrogate" in str(error):
            return _with_half_characters(body, decoder)
        what = "it is empty" if not body.strip() else str(error)
        raise InputError(f"the body is not JSON: {what}", code="malformed_json") from None
    except RecursionError:
        raise InputError("the body is nested too deeply", code="too_deep") from None


def _with_half_characters(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """JSON with a lone surrogate: what a script makes that cuts a text within an emoji.

    In a batch it must cost its own row alone, so plain JSON is read by Python, which keeps such halves,
    and whoever reads the rows refuses them.
    """
    if decoder.type is not Any:
        raise InputError("a text holds a lone surrogate; expected Unicode text", code="not_unicode")
    try:
        return json.loads(body, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise InputError("the body is not UTF-8", code="not_utf8") from None
    except ValueError as error:
        raise InputError(f"the body is not JSON: {error}", code="malformed_json") from None
    except RecursionError:
        raise InputError("the body is nested too deeply", code="too_deep") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _known(kind: Any) -> Mapping[str, tuple[str, ...]]:
    return {"unknown_field": getattr(kind, "__struct_fields__", ())}


def check_address(path: bytes, query: bytes) -> None:
    """An address holds UTF-8: GBK would be another word, and quietly another product.

    Raises:
        InputError: ``not_utf8``.
    """
    if b"%" not in path and b"%" not in query:
        return
    try:
        unquote_to_bytes(path).decode()
        unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        raise InputError("the address is not UTF-8", code="not_utf8") from None


def from_query(params: QueryParams, kind: type[T]) -> T:
    """A request from an address: numbers and flags as text, lists as repeated names, ``refine.brand=华为``
    or, as generated clients write it, ``refine[brand]=华为``.

    Raises:
        InputError: as :func:`decode`; ``repeated`` for a name given twice that takes one value.
    """
    containers = list_fields(kind)
    raw: dict[str, Any] = {name: {} for name, container in containers.items() if container is dict}
    for name, value in params.multi_items():
        within = _WITHIN.fullmatch(name)
        if within and containers.get(within[1]) is dict:
            key = within[2] if within[3] is None else within[3]
            raw[within[1]].setdefault(key, []).append(value)
        elif containers.get(name) is dict:
            detail = f"{name} is {shown(value)}; expected {name}.<field>=<value>"
            raise InputError(detail, field=name, code="wrong_type")
        elif containers.get(name) is list:
            raw.setdefault(name, []).append(value)
        elif name in raw:
            field = printable(name)
            raise InputError(f"{field} is given twice; expected one value", field=field, code="repeated")
        else:
            raw[name] = value
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as error:
        raise input_error(error, raw, known={"unknown_field": kind.__struct_fields__}) from None
    except UnicodeEncodeError:
        raise InputError("the name of a field is not Unicode text", code="not_unicode") from None


def list_fields(kind: type[msgspec.Struct]) -> dict[str, type]:
    """The fields of a struct that hold lists or objects, with ``list`` or ``dict``."""
    hints = typing.get_type_hints(kind)
    found = {name: _container(hint) for name, hint in hints.items()}
    return {name: container for name, container in found.items() if container is not None}


def _container(hint: Any) -> type | None:
    origin = get_origin(hint)
    if origin in (list, dict):
        return typing.cast("type", origin)
    if origin in (typing.Union, types.UnionType):
        return next((c for part in get_args(hint) if (c := _container(part)) is not None), None)
    return None


def _too_large(most: int) -> BodyError:
    detail = f"the body is larger than {most} bytes; send it in parts"
    return BodyError(detail, status=413, code="too_large")
