"""A keeper that is killed before a step of its first commit: ``python killed_keeper.py HOME STEP``."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from indexing.keeper import Keeper, writer
from indexing.keeper.column_files import ColumnFiles
from indexing.keeper.overlay import OverlayWriter
from indexing.keeper.state import State
from indexing.lexical import TantivyWriter

STEPS: dict[str, tuple[type, str]] = {
    "before columns": (ColumnFiles, "put"),
    "before items": (OverlayWriter, "save"),
    "before words": (TantivyWriter, "commit"),
    "before the number": (OverlayWriter, "commit"),
    "before readers": (State, "publish"),
    "before clearing up": (ColumnFiles, "sweep"),
}


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    kind, method = STEPS[sys.argv[2]]
    opened = writer.LiveWriter.__init__

    def armed(self: writer.LiveWriter, *given: Any) -> None:
        opened(self, *given)
        setattr(kind, method, die)  # only now: opening sweeps too

    writer.LiveWriter.__init__ = armed  # type: ignore[method-assign]
    Keeper(Path(sys.argv[1])).run(threading.Event())


if __name__ == "__main__":
    main()
