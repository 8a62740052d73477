"""Before there is a request: heads are bounded, and what is no HTTP is refused in the one shape."""

from __future__ import annotations

from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import MEDIA_TYPE, BodyError, respond
from api.service.context import new_request_id
from indexing.contracts.errors import DaogouError, InputError

LONGEST_TARGET = 32 * 1024
"""Bytes of an address that are read; to be answered it must be shorter, see ``bodies``."""
LONGEST_HEADERS = 64 * 1024
"""Bytes of all headers; the parser itself knows no end."""


class Protocol(HttpToolsProtocol):
    """uvicorn's, with limits and with our errors."""

    _fault: DaogouError | None = None
    _headers_read = 0

    def on_message_begin(self) -> None:
        """A new head."""
        super().on_message_begin()
        self._headers_read = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the address. Raises: BodyError, 414."""
        super().on_url(url)
        if len(self.url) > LONGEST_TARGET:
            detail = f"the address is longer than {LONGEST_TARGET} bytes; use POST"
            self._refuse(BodyError(detail, status=414, code="too_long"))

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header. Raises: BodyError, 431."""
        super().on_header(name, value)
        self._headers_read += len(name) + len(value)
        if self._headers_read > LONGEST_HEADERS:
            detail = f"the headers are longer than {LONGEST_HEADERS} bytes; send fewer"
            self._refuse(BodyError(detail, status=431, code="too_long"))

    def _refuse(self, fault: DaogouError) -> None:
        self._fault = fault
        raise fault  # the parser stops, and uvicorn answers by send_400_response

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn gives its own words
        """Answer in the one shape, and close: what follows cannot be told apart."""
        fault = self._fault or InputError(
            "the request is not HTTP/1.1 that can be read", code="malformed_http"
        )
        request_id = new_request_id()
        answer = respond(fault, request_id=request_id)
        head = (
            f"HTTP/1.1 {answer.status_code} {HTTPStatus(answer.status_code).phrase}\r\n"
            f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(answer.body)}\r\n"
            f"x-request-id: {request_id}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + bytes(answer.body))
        self.transport.close()
