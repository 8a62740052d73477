"""Structured logs. A line has a request id and never a key, a raw user id or a query's owner."""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal

import structlog

_SECRET = frozenset({"key", "token", "user_token", "authorization", "client_id", "user_id", "cookie"})
_HIDDEN = "***"


def configure_logs(*, form: Literal["json", "text"], level: str) -> None:
    """Send our logs and those of libraries to stderr, one line each. Called at entry points only."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # the rich one prints locals, and takes seconds for it
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("uvicorn.access").disabled = True  # addresses hold queries; the edge logs routes


def hide_secrets(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Whatever is named like a secret or a person is masked, whoever logs it."""
    for name in event.keys() & _SECRET:
        event[name] = _HIDDEN
    return event
