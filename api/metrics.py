"""What Prometheus reads. With several workers their numbers are added up through files that they share."""

from __future__ import annotations

import os
from typing import Literal

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

Across = Literal["livesum", "livemin"]
"""How a number of several workers is one."""

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Set by ``serve`` for its workers, before they import this; the library's own name for it."""
_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """The numbers of this process."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = self._counter("requests", "Requests answered", "route", "method", "status")
        self.seconds = self._histogram("request_seconds", "Time to answer", "route")
        self.stages = self._histogram("stage_seconds", "Time by stage", "kind", "stage")
        self.shed = self._counter("shed", "Requests told to come back")
        self.waiting = self._gauge("waiting", "Requests waiting for an engine", "livesum")
        self.events = self._counter("events", "Events accepted", "event")
        self.rejected = self._counter("events_rejected", "Events rejected", "code")
        self.empty = self._counter("empty_answers", "Lists without a product", "scenario")
        self.notes = self._counter("notes", "Notes in answers", "code")
        self.shown_lost = self._gauge("shown_lost", "Shown lists that were not logged", "livesum")
        self.opened = self._gauge("snapshot_opened_seconds", "When the snapshot was opened", "livemin")
        self.catalogue_seq = self._gauge("catalogue_seq", "Last catalogue change visible", "livemin")

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"daogou_{name}", help_text, labels, registry=self._registry)

    def _histogram(self, name: str, help_text: str, *labels: str) -> Histogram:
        return Histogram(f"daogou_{name}", help_text, labels, buckets=_BUCKETS, registry=self._registry)

    def _gauge(self, name: str, help_text: str, across: Across) -> Gauge:
        return Gauge(f"daogou_{name}", help_text, registry=self._registry, multiprocess_mode=across)

    def text(self) -> bytes:
        """The exposition, of all workers where they share a folder."""
        if os.environ.get(SHARED_FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return generate_latest(registry)
        return generate_latest(self._registry)
