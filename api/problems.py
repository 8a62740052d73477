"""One shape for everything that goes wrong: RFC 9457 problem details, with a stable code."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.types.shared import Note
from indexing.contracts.errors import (
    AccessError,
    DaogouError,
    FilterError,
    InputError,
    JournalError,
    NotFoundError,
    SnapshotBroken,
    SnapshotNewer,
)
from indexing.contracts.faults import printable

MEDIA_TYPE = "application/problem+json"


class FieldError(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing at fault."""

    code: Annotated[str, Meta(description="Stable code.", examples=["out_of_range"])]
    detail: Annotated[str, Meta(description="What was given and what was expected.")]
    field: Annotated[
        str | None, Meta(description="Dotted path of the field.", examples=["items[1].price_minor"])
    ] = None


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Problem details (RFC 9457)."""

    type: Annotated[str, Meta(description="`urn:daogou:problem:` and the code.")]
    title: Annotated[str, Meta(description="The status in words.", examples=["Bad Request"])]
    status: Annotated[int, Meta(description="The HTTP status.", examples=[400])]
    detail: Annotated[str, Meta(description="What was given, what was expected, what to do.")]
    code: Annotated[str, Meta(description="Stable, for programs.", examples=["unknown_field"])]
    request_id: Annotated[str, Meta(description="Stands in our log beside what happened.")] = ""
    errors: Annotated[list[FieldError], Meta(description="The fields at fault.")] = []
    position: Annotated[
        int | None,
        Meta(description="Offset in a filter of the character at fault, from 0, in code points."),
    ] = None
    expected: Annotated[list[str], Meta(description="What could stand there.")] = []


class Overloaded(DaogouError):
    """Too many requests wait; come back after ``retry_after`` seconds."""

    code = "overloaded"
    status = 503
    retry_after = 1


class BodyError(DaogouError):
    """A body that was not read: too large (413) or of a media type that is not taken (415)."""

    def __init__(self, detail: str, *, status: int, code: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code


class ScopeError(AccessError):
    """A key that may not do this (403): ``code`` says why."""

    def __init__(self, detail: str, *, code: str = "forbidden") -> None:
        super().__init__(detail, status=403)
        self.code = code


class NotReady(DaogouError):
    """What must be there before everything can be answered; a note for each thing."""

    code = "not_ready"
    status = 503

    def __init__(self, missing: Sequence[Note]) -> None:
        super().__init__("; ".join(note.detail for note in missing))
        self.missing = tuple(missing)


_HTTP_CODES = {
    400: "bad_request",
    404: "no_such_route",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}


_OF_THIS_MACHINE: dict[type[DaogouError], str] = {
    JournalError: "the journal cannot be used now; the log has the reason under the request_id",
    SnapshotBroken: "an index cannot be read; the log has the reason under the request_id",
    SnapshotNewer: "an index cannot be read; the log has the reason under the request_id",
}
"""Errors whose messages name files: what the client reads instead."""


def is_of_this_machine(error: Exception) -> bool:
    """Whether the operator alone shall read the message."""
    return type(error) in _OF_THIS_MACHINE


def problem_of(error: Exception) -> tuple[Problem, dict[str, str]]:
    """An error as a problem, with the headers that go with it. What is not ours says nothing of itself."""
    headers: dict[str, str] = {}
    if isinstance(error, HTTPException):
        headers |= dict(error.headers or {})
        code = _HTTP_CODES.get(error.status_code, "http_error")
        return _problem(error.status_code, code, _http_detail(error)), headers
    if isinstance(error, InputError):
        return _input_problem(error), headers
    if isinstance(error, DaogouError) and error.status != 500:
        if error.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="daogou"'
        if error.status == 503:
            headers["Retry-After"] = str(getattr(error, "retry_after", 5))
        problem = _problem(error.status, _code(error), _OF_THIS_MACHINE.get(type(error), str(error)))
        if isinstance(error, NotReady):
            rows = [FieldError(note.code, note.detail) for note in error.missing]
            problem = msgspec.structs.replace(problem, errors=rows)
        return problem, headers
    return _problem(
        500, "internal", "this is a fault of ours; the log has it under the request_id"
    ), headers


def respond(error: Exception, *, request_id: str = "") -> Response:
    """The answer to a request that failed."""
    problem, headers = problem_of(error)
    body = msgspec.json.encode(msgspec.structs.replace(problem, request_id=request_id))
    return Response(body, problem.status, headers, MEDIA_TYPE)


def _input_problem(error: InputError) -> Problem:
    problem = _problem(error.status, error.code, error.detail)
    named = [FieldError(error.code, problem.detail, error.field)] if error.field else []
    if isinstance(error, FilterError):
        expected = [printable(word) for word in error.expected]
        return msgspec.structs.replace(problem, errors=named, position=error.position, expected=expected)
    return msgspec.structs.replace(problem, errors=named)


def _problem(status: int, code: str, detail: str) -> Problem:
    title = HTTPStatus(status).phrase
    safe = detail.encode("utf-8", "backslashreplace").decode()[:2000]
    return Problem(type=f"urn:daogou:problem:{code}", title=title, status=status, detail=safe, code=code)


def _code(error: DaogouError) -> str:
    if isinstance(error, AccessError) and error.code == "access":
        return "unauthorized" if error.status == 401 else "forbidden"
    return f"unknown_{error.kind}" if isinstance(error, NotFoundError) else error.code


def _http_detail(error: HTTPException) -> str:
    if error.status_code == 405:
        return f"this route does not take that method; it takes {(error.headers or {}).get('Allow', '')}"
    if error.status_code == 404:
        return "there is no such route; /v1/openapi.json lists them all"
    return str(error.detail)
