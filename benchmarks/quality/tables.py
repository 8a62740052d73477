"""The figures of ``docs/evaluation.md``: each table is made from one result, never typed.

    python -m benchmarks.quality.tables

writes the tables between ``<!-- name -->`` and ``<!-- end -->`` anew from the results
``benchmarks/results/evaluate-*.json``; a test holds the page against them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "evaluation.md"
RESULTS = ROOT / "benchmarks" / "results"
_BLOCK = re.compile(r"(<!-- ([a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
Result = dict[str, Any]


def main() -> None:
    """Write the page's tables anew."""
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def rendered(page: str) -> str:
    """The page with every marked table made from its result."""
    return _BLOCK.sub(lambda found: f"{found[1]}{table(found[2])}\n{found[3]}", page)


def table(name: str) -> str:
    """One table, in Markdown. Raises: KeyError: no table of that name."""
    file, make = TABLES[name]
    kept = json.loads((RESULTS / f"{file}.json").read_text(encoding="utf-8"))
    return make(kept["result"])


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [list(row) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _sure(one: Result) -> str:
    return f"{one['mean']:.4f} [{one['low']:.4f}, {one['high']:.4f}]"


def _signed(one: Result | None) -> str:
    return "" if one is None else f"{one['mean']:+.4f} [{one['low']:+.4f}, {one['high']:+.4f}]"


def _purchases(result: Result) -> str:
    one = result["purchases"]
    head = ("system", "nDCG@20", "hit rate@20", "daogou minus it, nDCG@20")
    return f"{one['shoppers']:,} shoppers, from {one['split']} on.\n\n" + _rows(
        head,
        [(s["system"], _sure(s["ndcg"]), _sure(s["hit_rate"]), _signed(s["over"])) for s in one["systems"]],
    )


def _together(result: Result) -> str:
    one = result["together"]
    said = (
        f"{one['products']:,} products with {one['partners']:.1f} partners each; a list that knew every "
        f"pair bought twice or more would reach a recall of {one['reachable']:.3f}.\n\n"
    )
    head = ("system", "precision@5", "recall@5", "daogou minus it, recall@5")
    return said + _rows(
        head,
        [
            (s["system"], _sure(s["precision"]), _sure(s["recall"]), _signed(s["over"]))
            for s in one["systems"]
        ],
    )


def _search(result: Result) -> str:
    kinds = [*result["search"]["kinds"], result["search"]["overall"]]
    if result["search"]["unseen"]:
        kinds.append(result["search"]["unseen"])
    names = list(kinds[0]["ndcg"])
    return _rows(
        ("kind", "queries", *names, "daogou minus bigrams, nDCG@10"),
        [
            (
                kind["kind"],
                str(kind["ndcg"]["daogou"]["cases"]),
                *(f"{kind['ndcg'][n]['mean']:.3f} / {kind['success'][n]['mean']:.3f}" for n in names),
                _signed(kind["over"]["bigrams"]),
            )
            for kind in kinds
        ],
    )


def _shopper(result: Result) -> str:
    one = result["search"]["shopper"]
    return _rows(
        ("", "nDCG@10"),
        [
            ("with the shopper's vector", _sure(one["liked"]["with"])),
            ("without", _sure(one["liked"]["without"])),
            ("gain", _signed(one["gain"])),
            ("change by the query's own truth", _signed(one["relevance"])),
        ],
    )


def _bias(result: Result) -> str:
    one = result["bias"]
    rows = [
        (str(place), f"{true:.3f}", f"{found:.3f} [{low:.3f}, {high:.3f}]", f"{naive:.3f}")
        for place, (true, found, low, high, naive) in enumerate(
            zip(one["truth"], one["recovered"], one["low"], one["high"], one["naive"], strict=True), 1
        )
    ]
    rows.append(("mean error", "", f"{one['error']:.3f}", f"{one['naive_error']:.3f}"))
    head = ("position", "planted", "recovered from shuffles", "plain click-through")
    return f"{one['lists']:,} first pages.\n\n" + _rows(head, rows)


def _titles(result: Result) -> str:
    forms = [*result["forms"], result["overall"]]
    names = list(forms[0]["success"])
    return _rows(
        ("form", "queries", *names, "minus bigrams", "minus jieba"),
        [
            (
                one["form"],
                f"{one['success']['daogou']['cases']:,}",
                *(f"{one['success'][name]['mean']:.4f}" for name in names),
                _signed(one["over"]["bigrams"]),
                _signed(one["over"]["jieba"]),
            )
            for one in forms
        ],
    )


def _queries(result: Result) -> str:
    return _rows(
        ("", ""),
        [
            ("queries", f"{result['queries']:,}"),
            ("cut exactly as jieba cuts", f"{result['agree']['mean']:.4%}"),
            ("as jieba with its hidden Markov model", f"{result['agree_with_model']:.2%}"),
            (f"{result['library']}, queries a second", f"{result['per_second']:,.0f}"),
            ("jieba, queries a second", f"{result['jieba_per_second']:,.0f}"),
            ("whole analysis with offsets, queries a second", f"{result['analysed_per_second']:,.0f}"),
        ],
    )


def _baskets(result: Result) -> str:
    def of(scores: list[Result]) -> list[tuple[str, ...]]:
        return [(s["model"], _sure(s["hit_rate"]), _sure(s["recall"]), _sure(s["ndcg"])) for s in scores]

    following = _rows(("next basket", "hit rate@20", "recall@20", "nDCG@20"), of(result["next_basket"]))
    together = _rows(("beside a product", "hit rate@10", "recall@10", "nDCG@10"), of(result["together"]))
    said = (
        f"{result['customers']:,} customers and {result['orders']:,} orders "
        f"from {result['split'][:10]} on; "
        f"{result['again']:.0%} of what the next baskets hold was bought before and is not sought."
    )
    return f"{said}\n\n{following}\n\n{together}"


def _held_out(result: Result) -> str:
    return f"{result['shoppers']:,} shoppers, {result['events']:,} events.\n\n" + _rows(
        ("model", "events", "hit rate@20", "nDCG@20", "what the last kind adds"),
        [
            (
                one["model"],
                one["events"][0] if len(one["events"]) == 1 else f"… and {one['events'][-1]}",
                _sure(one["hit_rate"]),
                _sure(one["ndcg"]),
                _signed(one["adds"]),
            )
            for one in result["steps"]
        ],
    )


def _collaborative(result: Result) -> str:
    rows = [(one["model"], _sure(one["recall"]), _sure(one["ndcg"])) for one in result["models"]]
    rows += [(f"{n} (published)", f"{a:.4f}", f"{b:.4f}") for n, (a, b) in result["published"].items()]
    return _rows(("model", "recall@20", "nDCG@20"), rows)


TABLES: dict[str, tuple[str, Callable[[Result], str]]] = {
    "purchases": ("evaluate-truth", _purchases),
    "together": ("evaluate-truth", _together),
    "search": ("evaluate-truth", _search),
    "shopper": ("evaluate-truth", _shopper),
    "bias": ("evaluate-truth", _bias),
    "titles": ("evaluate-titles", _titles),
    "queries": ("evaluate-queries", _queries),
    "online-retail": ("evaluate-online-retail", _baskets),
    "retailrocket": ("evaluate-retailrocket", _held_out),
    "taobao": ("evaluate-taobao", _held_out),
    "movielens-1m": ("evaluate-movielens-1m", _collaborative),
    "amazon-cds": ("evaluate-amazon-cds", _collaborative),
}
"""By the name in the page: the result's file, and how its table is made."""

if __name__ == "__main__":
    main()
