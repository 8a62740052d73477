"""Experiments and their assignment: a versioned hash of (salt, unit), stable and uniform.

Version 1: the first 53 bits of SHA-256 of ``1|<kind>|<name>|<unit>``, divided by 2^53. Two
independent numbers are drawn with it: ``cover`` under the layer's name decides whether a unit takes part
(coverage grows without moving anyone), ``arm`` under the experiment's name decides the arm. Golden cases
stand in ``tests/golden/assignment.json``, which any language can read.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Share = Annotated[float, Meta(ge=0, le=1)]


class ArmSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An arm: the profile it uses and its share of the units that take part."""

    name: Name
    profile: Name
    weight: Annotated[float, Meta(gt=0, le=1000)] = 1.0


class Experiment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An experiment over shoppers.

    Attributes:
        unit: what is assigned; ``shopper`` survives a login, ``client`` is the browser.
        layer: experiments of one layer share the number that decides who takes part.
        begin, end: the part [begin, end) of the layer that takes part; ``end - begin`` is the coverage.
    """

    name: Name
    arms: Annotated[list[ArmSpec], Meta(min_length=2, max_length=20)]
    unit: Literal["shopper", "client"] = "shopper"
    layer: Name = "default"
    begin: Share = 0.0
    end: Share = 1.0
    hash_version: Literal[1] = 1
    running: bool = True


def draw(kind: str, name: str, unit: str) -> float:
    """Uniform in [0, 1), the same for ever for the same three texts.

    >>> round(draw("arm", "aa", "shopper-1"), 6) == round(draw("arm", "aa", "shopper-1"), 6)
    True
    """
    digest = hashlib.sha256(f"1|{kind}|{name}|{unit}".encode("utf-8", "surrogatepass")).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def assign(experiment: Experiment, unit: str) -> ArmSpec | None:
    """The arm of a unit, None when the experiment is not running or the unit takes no part."""
    if not experiment.running:
        return None
    if not experiment.begin <= draw("cover", experiment.layer, unit) < experiment.end:
        return None
    point = draw("arm", experiment.name, unit) * sum(arm.weight for arm in experiment.arms)
    for arm in experiment.arms:
        point -= arm.weight
        if point < 0:
            return arm
    return experiment.arms[-1]
