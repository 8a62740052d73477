"""Which public data can be evaluated, what it is read from, and how its figures are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from offline.evaluate.baskets import Baskets, baskets
from offline.evaluate.collaborative import Collaborative, collaborative
from offline.evaluate.held_out import HeldOut, held_out
from offline.evaluate.known_item import KnownItem, known_item
from offline.evaluate.segmentation import Segmentation, segmentation
from offline.importers.action_log import RETAILROCKET, TAOBAO, Published

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DataSet:
    """One evaluation.

    Attributes:
        files: what it reads, relative to the path given; empty: the path itself.
        run: measures.
    """

    files: tuple[str, ...]
    run: Callable[[Path, Progress], msgspec.Struct]


def _held_out(log: str, kept: str, data: Published) -> DataSet:
    return DataSet(
        (log, kept), lambda path, progress: held_out(path / log, path / kept, data, progress=progress)
    )


DATA_SETS: dict[str, DataSet] = {
    "titles": DataSet((), lambda path, progress: known_item(path, per_form=1_500, progress=progress)),
    "queries": DataSet((), lambda path, progress: segmentation(path, progress=progress)),
    "online-retail": DataSet((), lambda path, progress: baskets(path, progress=progress)),
    "retailrocket": _held_out("retailrocket.csv", "retailrocket-heldout-purchases.csv", RETAILROCKET),
    "taobao": _held_out("taobao.csv.gz", "taobao-heldout-purchases.csv", TAOBAO),
    "collaborative": DataSet(
        ("train.txt", "test.txt"), lambda path, progress: collaborative(path, progress=progress)
    ),
}


def inputs_of(name: str, path: Path) -> dict[str, Path]:
    """The files that an evaluation reads, by name."""
    files = DATA_SETS[name].files
    return {file: path / file for file in files} if files else {path.name: path}


def lines(report: msgspec.Struct) -> list[str]:
    """A result in plain lines."""
    match report:
        case KnownItem():
            return _known_item(report)
        case Segmentation():
            return _segmentation(report)
        case Baskets():
            return _baskets(report)
        case HeldOut():
            return _held(report)
        case Collaborative():
            return _collaborative(report)
        case _:
            raise TypeError(f"no lines for {type(report).__name__}")


def _known_item(report: KnownItem) -> list[str]:
    names = list(report.overall.success)
    found = [f"{report.titles:,} titles; success@10{'':<8}" + "".join(f"{name:>10}" for name in names)]
    for one in [*report.forms, report.overall]:
        cells = "".join(f"{one.success[name].mean:>10.4f}" for name in names)
        behind = [name for name, over in one.over.items() if over.below]
        found.append(f"  {one.form:<30}{cells}" + (f"   behind {', '.join(behind)}" if behind else ""))
    return found


def _segmentation(report: Segmentation) -> list[str]:
    speeds = (
        (report.library, report.per_second),
        ("jieba", report.jieba_per_second),
        ("whole analysis", report.analysed_per_second),
    )
    return [
        f"{report.queries:,} queries: cut like jieba {report.agree}, boundary F1 {report.boundary_f1:.4f}",
        "  " + ", ".join(f"{name} {speed:,.0f}/s" for name, speed in speeds),
    ]


def _baskets(report: Baskets) -> list[str]:
    found = [f"Next baskets of {report.customers:,} customers: hit rate@20, recall@20, nDCG@20"]
    found += [f"  {one.model:<16}{one.hit_rate}   {one.recall}   {one.ndcg}" for one in report.next_basket]
    found.append(f"Companions in {report.orders:,} orders: hit rate@10, recall@10, nDCG@10")
    found += [f"  {one.model:<16}{one.hit_rate}   {one.recall}   {one.ndcg}" for one in report.together]
    return found


def _held(report: HeldOut) -> list[str]:
    found = [
        f"Held-out purchases of {report.shoppers:,} shoppers: hit rate@20, nDCG@20, what the last adds"
    ]
    for one in report.steps:
        adds = f"   {one.adds.mean:+.4f} [{one.adds.low:+.4f}, {one.adds.high:+.4f}]" if one.adds else ""
        found.append(f"  {one.model:<16}{_named(one.events):<44}{one.hit_rate}   {one.ndcg}{adds}")
    return found


def _named(events: Sequence[str]) -> str:
    return events[0] if len(events) == 1 else f"… and {events[-1]}"


def _collaborative(report: Collaborative) -> list[str]:
    found = [f"{report.name}, {report.shoppers:,} users: recall@20, nDCG@20"]
    found += [f"  {one.model:<16}{one.recall}   {one.ndcg}" for one in report.models]
    found += [
        f"  {name:<16}{a:.4f}{'':<20}{b:.4f}   published" for name, (a, b) in report.published.items()
    ]
    return found
