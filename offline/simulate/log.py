"""What happened on a day, in columns: answers and events, as they come."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexing.contracts.events import EVENT_NAMES
from offline.simulate.lists import WIDTH, Answers

Column = npt.NDArray[Any]
EVENT = {name: place for place, name in enumerate(EVENT_NAMES)}
_EVENTS = {
    "event": np.int8,
    "session": np.int32,
    "at": np.float64,  # seconds since the start of the session
    "answer": np.int32,
    "item": np.int32,
    "position": np.int32,
    "query": np.int32,
    "order": np.int32,
}
_ABSENT = {"answer": -1, "item": -1, "position": 0, "query": -1, "order": -1}
_ANSWERS = {
    "session": np.int32,
    "at": np.float64,
    "scenario": np.int8,
    "query": np.int32,
    "page_of": np.int32,
    "begin": np.int32,  # slots of earlier pages
    "depth": np.int32,  # slots seen
}
_SLOTS = {"rows": np.int32, "sources": np.int8, "scores": np.float32, "propensities": np.float32}


class Log:
    """Appends pieces; ``events()`` and ``answers()`` join them."""

    def __init__(self) -> None:
        self._events: list[dict[str, Column]] = []
        self._answers: list[dict[str, Column]] = []
        self.answered = 0

    def event(self, name: str, **columns: Any) -> None:
        """Events of one name; ``session`` and ``at`` are given, what is absent is nothing."""
        n = len(columns["session"])
        if not n:
            return
        given = {**_ABSENT, **columns, "event": EVENT[name]}
        self._events.append(
            {key: np.broadcast_to(np.asarray(given[key], kind), n) for key, kind in _EVENTS.items()}
        )

    def answer(self, answers: Answers, **columns: Any) -> npt.NDArray[np.int32]:
        """Answers shown; returns their numbers."""
        n = len(answers.rows)
        piece = {key: np.broadcast_to(np.asarray(columns[key], kind), n) for key, kind in _ANSWERS.items()}
        self._answers.append(piece | {key: getattr(answers, key) for key in _SLOTS})
        numbers = np.arange(self.answered, self.answered + n, dtype=np.int32)
        self.answered += n
        return numbers

    def events(self) -> dict[str, Column]:
        """Columns of all events, in the order they were appended."""
        return {
            key: np.concatenate([piece[key] for piece in self._events] or [np.empty(0, kind)])
            for key, kind in _EVENTS.items()
        }

    def answers(self) -> dict[str, Column]:
        """Columns of all answers; slots have shape (answers, 20)."""
        empty = {key: np.empty(0, kind) for key, kind in _ANSWERS.items()}
        empty |= {key: np.empty((0, WIDTH), kind) for key, kind in _SLOTS.items()}
        return {
            key: np.concatenate([none, *(piece[key] for piece in self._answers)])
            for key, none in empty.items()
        }
