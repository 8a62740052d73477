"""The truth behind the data, written to ``truth/`` so that models and experiments can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from offline.simulate.affinity import Affinity
from offline.simulate.crowd import Crowd
from offline.simulate.draws import Rows
from offline.simulate.looking import examination
from offline.simulate.parameters import Parameters
from offline.simulate.queries import Query
from offline.simulate.shelf import Shelf
from offline.simulate.tables import write_json, write_table
from offline.simulate.tree import LEAVES

DEEPEST = 40
_STRUCT = pa.struct([pa.field("name", pa.string()), pa.field("weight", pa.float32())])
TASTES = pa.schema(
    [
        pa.field("shopper", pa.string(), nullable=False),
        pa.field("leaves", pa.list_(_STRUCT)),  # share of each leaf in what is looked for, most first
        pa.field("brands", pa.list_(_STRUCT)),  # loved brands, with what they add to the liking
        pa.field("price_band", pa.float32()),  # in standard deviations of a leaf's log price
        pa.field("style", pa.list_(pa.float32())),
        pa.field("activity", pa.float32()),
    ]
)
ITEMS = pa.schema(
    [
        pa.field("item_id", pa.string(), nullable=False),
        pa.field("leaf", pa.string()),
        pa.field("brand", pa.string()),
        pa.field("price_band", pa.float32()),
        pa.field("appeal", pa.float32()),
        pa.field("style", pa.list_(pa.float32())),
        pa.field("trend_from", pa.int32()),  # day of the log on which it becomes a trend, null for most
    ]
)
RELEVANCE = pa.schema(
    [
        pa.field("query", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("leaf", pa.string()),  # null: any leaf
        pa.field("brand", pa.string()),
        pa.field("attribute", pa.string()),
        pa.field("value", pa.string()),
        pa.field("exact", pa.list_(pa.string())),  # grade 2
        pa.field("partly", pa.list_(pa.string())),  # grade 1
    ]
)
COMPLEMENTS = pa.schema(
    [
        pa.field("item_id", pa.string(), nullable=False),
        pa.field("partner_id", pa.string(), nullable=False),
        pa.field("leaf", pa.string()),
        pa.field("partner_leaf", pa.string()),
    ]
)
BOTS = pa.schema([pa.field("shopper", pa.string(), nullable=False)])


def write_truth(
    folder: Path, parameters: Parameters, affinity: Affinity, queries: Sequence[Query], partners: Rows
) -> None:
    """Write every file of ``truth/``."""
    crowd, shelf = affinity.crowd, affinity.shelf
    ids = pa.array(shelf.ids)
    write_table(folder / "tastes.parquet", [_tastes(crowd, shelf, affinity.behaviour.brand)], TASTES)
    write_table(folder / "items.parquet", [_items(shelf, ids)], ITEMS)
    write_table(folder / "relevance.parquet", [_relevance(queries, ids)], RELEVANCE)
    write_table(folder / "complements.parquet", [_complements(shelf, ids, partners)], COMPLEMENTS)
    bots = pa.table({"shopper": crowd.ids[len(crowd) - crowd.bots :]}, schema=BOTS)
    write_table(folder / "bots.parquet", [bots], BOTS)
    write_json(folder / "bias.json", _bias(parameters))
    write_json(folder / "parameters.json", {"hash": parameters.hash, "parameters": parameters})


def _bias(parameters: Parameters) -> dict[str, object]:
    slope = parameters.behaviour.examination
    looked = examination(np.arange(1, DEEPEST + 1), slope)
    return {
        "model": "P(click | slot seen) = examination[position - 1] * attraction(shopper, item)",
        "formula": "1 / (1 + slope * (position - 1))",
        "slope": slope,
        "examination": [round(float(value), 6) for value in looked],
    }


def _tastes(crowd: Crowd, shelf: Shelf, brand_weight: float) -> pa.Table:
    people = len(crowd) - crowd.bots
    leaves = crowd.leaves[:people]
    order = np.argsort(-leaves, axis=1, kind="stable")
    names = pa.array([leaf.name for leaf in LEAVES])
    shares = np.take_along_axis(leaves, order, 1)
    brands = [sorted({int(b) for b in row if b >= 0}) for row in crowd.loved[:people]]
    flat = [b for row in brands for b in row]
    return pa.table(
        {
            "shopper": crowd.ids[:people],
            "leaves": _lists(names.take(pa.array(order.ravel())), shares.ravel(), [len(LEAVES)] * people),
            "brands": _lists(
                pa.array([shelf.brands[b] for b in flat], pa.string()),
                np.full(len(flat), brand_weight),
                [len(row) for row in brands],
            ),
            "price_band": crowd.band[:people],
            "style": list(crowd.style[:people]),
            "activity": crowd.activity[:people],
        },
        schema=TASTES,
    )


def _lists(names: pa.Array, weights: np.ndarray, sizes: Sequence[int]) -> pa.Array:
    pairs = pa.StructArray.from_arrays([names, pa.array(weights, pa.float32())], fields=list(_STRUCT))
    return pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32()), pairs)


def _items(shelf: Shelf, ids: pa.Array) -> pa.Table:
    brands = pa.array(shelf.brands, pa.string())
    return pa.table(
        {
            "item_id": ids,
            "leaf": pa.array([leaf.name for leaf in LEAVES]).take(pa.array(shelf.leaf)),
            "brand": brands.take(pa.array(shelf.brand, mask=shelf.brand < 0)),
            "price_band": shelf.band,
            "appeal": shelf.appeal,
            "style": list(shelf.style),
            "trend_from": pa.array(shelf.rises, pa.int32(), mask=shelf.rises < -1000),
        },
        schema=ITEMS,
    )


def _relevance(queries: Sequence[Query], ids: pa.Array) -> pa.Table:
    def of_rows(rows: Sequence[Rows]) -> pa.Array:
        offsets = np.concatenate([[0], np.cumsum([len(some) for some in rows])])
        flat = np.concatenate(rows) if rows else np.empty(0, np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), ids.take(pa.array(flat, pa.int32())))

    return pa.table(
        {
            "query": [query.text for query in queries],
            "kind": [query.kind for query in queries],
            "leaf": [LEAVES[query.leaf].name if query.scoped else None for query in queries],
            "brand": [query.brand for query in queries],
            "attribute": [query.attribute for query in queries],
            "value": [query.value for query in queries],
            "exact": of_rows([query.exact for query in queries]),
            "partly": of_rows([query.partly for query in queries]),
        },
        schema=RELEVANCE,
    )


def _complements(shelf: Shelf, ids: pa.Array, partners: Rows) -> pa.Table:
    row, column = np.nonzero(partners >= 0)
    other = partners[row, column]
    leaves = pa.array([leaf.name for leaf in LEAVES])
    return pa.table(
        {
            "item_id": ids.take(pa.array(row)),
            "partner_id": ids.take(pa.array(other)),
            "leaf": leaves.take(pa.array(shelf.leaf[row])),
            "partner_leaf": leaves.take(pa.array(shelf.leaf[other])),
        },
        schema=COMPLEMENTS,
    )
