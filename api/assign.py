"""Which profile answers: one that is asked for, that of an experiment's arm, or the shop's own."""

from __future__ import annotations

from dataclasses import dataclass

from api.view import Policy
from indexing.contracts.errors import InputError
from indexing.contracts.experiments import Experiment, assign
from indexing.contracts.profiles import Profile
from indexing.contracts.shown import Arm

DEFAULT = "default"
_BUILT_IN = Profile()


@dataclass(frozen=True, slots=True)
class Assigned:
    """The profile in force, and the arms that put it there."""

    profile: Profile
    arms: tuple[Arm, ...] = ()


def assign_profile(
    policy: Policy, *, shopper: str | None, client_id: str | None, forced: str | None = None
) -> Assigned:
    """Decide once, before anything else.

    Running experiments are asked by name, and the first in which this unit takes part decides: two profiles
    cannot be in force at once. The later ones then see a random part of the units, for draws of different
    layers are independent. An experiment that names a profile which is not there asks nobody.

    Args:
        shopper, client_id: the units; None: not known, so experiments on it ask nobody.
        forced: a profile by name; then no experiment takes part.

    Raises:
        InputError: ``unknown_profile``.
    """
    if forced is not None:
        if (profile := _named(policy, forced)) is None:
            known = ", ".join(sorted({DEFAULT, *policy.profiles}))
            raise InputError(
                f"no profile {forced[:64]!r}; there are {known}", field="profile", code="unknown_profile"
            )
        return Assigned(profile)
    for experiment in sorted(policy.experiments, key=lambda one: one.name):
        unit = shopper if experiment.unit == "shopper" else client_id
        if unit is None or not _complete(policy, experiment):
            continue
        if (arm := assign(experiment, unit)) is not None:
            profile = _named(policy, arm.profile) or _BUILT_IN
            return Assigned(profile, (Arm(experiment.name, arm.name, profile.hash),))
    return Assigned(_named(policy, DEFAULT) or _BUILT_IN)


def _named(policy: Policy, name: str) -> Profile | None:
    return policy.profiles.get(name) or (_BUILT_IN if name == DEFAULT else None)


def _complete(policy: Policy, experiment: Experiment) -> bool:
    return all(_named(policy, arm.profile) is not None for arm in experiment.arms)
