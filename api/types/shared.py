"""What several requests and answers have in common."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.types.items import PRODUCT_FIELDS, Product
from indexing.contracts.items import Id

FilterText = Annotated[
    str,
    Meta(
        max_length=2000,
        description="Hard condition, also for facets. Fields, `= != < <= > >=`, `IN (…)`, `EXISTS`, "
        "`AND OR NOT`, brackets.",
        examples=['price_minor < 20000 AND brand IN ("小米", "华为") AND in_stock'],
    ),
]
FieldNames = Annotated[
    list[Annotated[str, Meta(max_length=64, extra_json_schema={"enum": list(PRODUCT_FIELDS)})]],
    Meta(max_length=50, description="Fields of `item` to return; all without it.", examples=[["title"]]),
]
ProfileName = Annotated[
    str,
    Meta(min_length=1, max_length=64, description="Force a named profile; then no experiment takes part."),
]
RequestId = Annotated[
    str,
    Meta(description="Send it with events about these items: it joins what was shown to what was done."),
]
Version = Annotated[
    str,
    Meta(
        description="`snapshot.catalogue_seq.control_seq` that answered.",
        examples=["20261122T104351Z-1f2e3d4c.17.5"],
    ),
]
RulesApplied = Annotated[list[str], Meta(description="Ids of the merchandiser's rules that acted.")]
ShownItem = Annotated[Product, Meta(description="With the fields that were asked for.")]
Timings = Annotated[dict[str, float], Meta(description="Milliseconds by stage; `total` is all of them.")]


class Visitor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who is looking; all of it optional."""

    client_id: Annotated[Id | None, Meta(description="The browser's own random id.")] = None
    user_id: Annotated[Id | None, Meta(description="The shop's id of somebody who is signed in.")] = None
    user_token: (
        Annotated[
            str,
            Meta(
                max_length=300,
                description="Signed by the shop; a browser key needs it to name a `user_id`.",
            ),
        ]
        | None
    ) = None
    session_id: Annotated[Id | None, Meta(description="Of one visit.")] = None
    consent: Annotated[
        bool, Meta(description="False: answer by context only and keep nothing about the person.")
    ] = True
    surface: (
        Annotated[
            str,
            Meta(max_length=64, description="Where on the page the list stands.", examples=["home"]),
        ]
        | None
    ) = None


class Note(msgspec.Struct, frozen=True):
    """Something the caller should know, such as a stage that was skipped."""

    code: Annotated[str, Meta(description="Stable.", examples=["unknown_items"])]
    detail: Annotated[str, Meta(description="A sentence in English.")]


class ExperimentArm(msgspec.Struct, frozen=True):
    """An experiment in which this answer took part."""

    experiment: Annotated[str, Meta(description="Its name.", examples=["aa"])]
    arm: Annotated[str, Meta(description="The arm in which this shopper is.", examples=["control"])]


Experiments = Annotated[
    list[ExperimentArm], Meta(description="Experiments in which this answer took part; often none.")
]
Notes = Annotated[
    list[Note], Meta(description="What the caller should know, such as a stage that was skipped.")
]
