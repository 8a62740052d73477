"""What the engine answered: the table on which learning, off-policy estimates and experiments rest.

What is not logged here today can never be learned. ``shown`` joins events by ``request_id``.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
import pyarrow as pa

SHOWN_VERSION = 1


class Slot(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place of a list shown.

    Attributes:
        position: 1-based, over all pages.
        source: the candidate source or retriever that brought it (``words``, ``item_item``, …); ``sort``
            where the shopper chose the order.
        team: the side of an interleaved experiment, else None.
        propensity: probability that this item stood here under the policy that answered;
            1.0 where the policy is deterministic.
        features: values by name, on a seeded sample of answers, else None.
    """

    item_id: str
    position: int
    source: str
    score: float
    propensity: float = 1.0
    team: str | None = None
    features: dict[str, float] | None = None


class Arm(msgspec.Struct, frozen=True):
    """The arm of an experiment that was in force, and the hash of its frozen profile."""

    experiment: str
    arm: str
    profile_hash: str


class Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer of search or recommendation.

    Attributes:
        scenario: ``search`` or a scenario of recommendation.
        filter: the whole condition, refinements included.
        page_of: the ``request_id`` of the first page when this is a later one.
    """

    request_id: str
    served_at: datetime
    surface: str
    scenario: str
    version: str
    slots: list[Slot]
    shopper: str | None = None
    query: str | None = None
    filter: str | None = None
    arms: list[Arm] = []
    page_of: str | None = None


SHOWN_SCHEMA = pa.schema(
    [
        pa.field("request_id", pa.string(), nullable=False),
        pa.field("served_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("shopper", pa.string()),
        pa.field("surface", pa.string()),
        pa.field("scenario", pa.string(), nullable=False),
        pa.field("query", pa.string()),
        pa.field("filter", pa.string()),
        pa.field("version", pa.string()),
        pa.field(
            "arms",
            pa.list_(
                pa.struct(
                    [
                        pa.field("experiment", pa.string()),
                        pa.field("arm", pa.string()),
                        pa.field("profile_hash", pa.string()),
                    ]
                )
            ),
        ),
        pa.field("page_of", pa.string()),
        pa.field(
            "slots",
            pa.list_(
                pa.struct(
                    [
                        pa.field("item_id", pa.string()),
                        pa.field("position", pa.int32()),
                        pa.field("source", pa.string()),
                        pa.field("team", pa.string()),
                        pa.field("score", pa.float32()),
                        pa.field("propensity", pa.float32()),
                        pa.field("features", pa.map_(pa.string(), pa.float32())),
                    ]
                )
            ),
        ),
    ],
    metadata={"daogou.shown": str(SHOWN_VERSION)},
)
"""Parquet: ``shown/day=YYYY-MM-DD/*.parquet``, the day of ``served_at`` in UTC."""
