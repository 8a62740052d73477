"""Every error daogou raises on purpose.

    DaogouError
    ├── InputError            what somebody gave is wrong; nothing was done            HTTP 400
    │   ├── FilterError       a filter expression, with the position of the fault
    │   └── ConfigError       shop.toml, a profile, a setting
    ├── NotFoundError         an id that is not known                                  HTTP 404
    ├── AccessError           no key, a wrong key, or a key without the scope          HTTP 401 or 403
    ├── ConflictError         somebody else was first (compare-and-swap, version)      HTTP 409
    ├── SnapshotError         a snapshot that cannot be used
    │   ├── SnapshotMissing   there is none, or not the one named                      HTTP 503
    │   ├── SnapshotBroken    a file is absent, short or has another hash              HTTP 503
    │   └── SnapshotNewer     written by a newer daogou                                HTTP 503
    ├── PublishRefused        a snapshot that is worse than the one being served       HTTP 409
    ├── JournalError          the journal cannot take or give data now                 HTTP 503
    └── MissingExtra          an optional library is not installed

Messages say what was given, what was expected and what to do. Each class carries the facts as
attributes, so that nobody has to parse a message.
"""

from __future__ import annotations


class DaogouError(Exception):
    """Root of the tree. ``code`` is stable and meant for machines."""

    code = "error"
    status = 500


class InputError(DaogouError):
    """What was given is wrong.

    Args:
        detail: a sentence: what was given, what was expected.
        field: dotted name of the field at fault, or None when it is the whole input.
        code: stable code such as ``unknown_field``, ``wrong_type``, ``too_long``, ``missing``.
    """

    status = 400

    def __init__(self, detail: str, *, field: str | None = None, code: str = "invalid") -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.code = code


class FilterError(InputError):
    """A filter expression that cannot be read.

    Args:
        detail: what is wrong.
        position: 0-based offset, in code points, of the character at fault.
        expected: what could stand there (fields, operators, values), sorted.
        code: ``syntax``, ``unknown_field``, ``wrong_type``, ``too_long``, ``too_deep`` or ``too_many``.
    """

    def __init__(
        self, detail: str, *, position: int, expected: tuple[str, ...] = (), code: str = "syntax"
    ) -> None:
        super().__init__(detail, field="filter", code=code)
        self.position = position
        self.expected = expected


class ConfigError(InputError):
    """A configuration file, profile or setting that cannot be used."""


class NotFoundError(DaogouError):
    """An id that is not known. ``kind`` names what was looked for, ``key`` the id given."""

    code = "not_found"
    status = 404

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"no {kind} {key!r}")
        self.kind = kind
        self.key = key


class AccessError(DaogouError):
    """No key, an unknown, expired or revoked key (401), or a key without the scope (403)."""

    code = "access"

    def __init__(self, detail: str, *, status: int = 401) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class ConflictError(DaogouError):
    """Somebody else changed the thing first; ``detail`` says what it is now."""

    code = "conflict"
    status = 409

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class SnapshotError(DaogouError):
    """A snapshot that cannot be used; ``path`` is its folder."""

    code = "snapshot"
    status = 503

    def __init__(self, detail: str, *, path: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.path = path


class SnapshotMissing(SnapshotError):
    """Nothing has been published, or the snapshot named is not there."""

    code = "snapshot_missing"


class SnapshotBroken(SnapshotError):
    """A file of the snapshot is absent, short, or has another hash than the manifest says."""

    code = "snapshot_broken"


class SnapshotNewer(SnapshotError):
    """The snapshot has a format number higher than this daogou reads."""

    code = "snapshot_newer"


class PublishRefused(DaogouError):
    """A snapshot that is clearly worse than the one being served; ``reasons`` says in what."""

    code = "publish_refused"
    status = 409

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class JournalError(DaogouError):
    """The journal cannot take or give data now (disk full, locked, damaged)."""

    code = "journal"
    status = 503

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class MissingExtra(DaogouError):
    """An optional library is not installed; the message names the extra to install."""

    code = "missing_extra"

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed: uv pip install 'daogou[{extra}]'")
        self.library = library
        self.extra = extra
