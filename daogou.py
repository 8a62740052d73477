"""The command line: mounts the commands of ``offline`` and ``api``, each imported when it runs."""

from __future__ import annotations

import errno
import signal
import sys

_ADVICE = {
    errno.EACCES: "look at its owner and mode",
    errno.EPERM: "look at its owner and mode",
    errno.EROFS: "the shop's folder must be writable",
    errno.ENOSPC: "make room, and run it again",
    errno.EDQUOT: "make room, and run it again",
    errno.EMFILE: "raise ulimit -n",
}


def main() -> None:
    """Run ``daogou``; a :class:`DaogouError`, and what a disk refuses, is one line on stderr and exit
    status 1."""
    import typer

    from api.commands import mount as mount_api
    from indexing.contracts.errors import DaogouError
    from offline.commands import mount as mount_offline

    app = typer.Typer(
        name="daogou",
        help="导购: search and recommendation for online shops. A shop lives in DAOGOU_HOME.",
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
    )
    mount_offline(app)
    mount_api(app)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # what is half done is removed
    try:
        app()
    except DaogouError as error:
        sys.stderr.write(f"daogou: {error}\n")
        sys.exit(1)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        advice = _ADVICE.get(error.errno or 0, "")
        sys.stderr.write(f"daogou: {named}{error.strerror or error}{advice and ': '}{advice}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
