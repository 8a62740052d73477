"""Which profile answers."""

from __future__ import annotations

import pytest

from api.assign import assign_profile
from api.view import Policy
from indexing.contracts.errors import InputError
from indexing.contracts.experiments import ArmSpec, Experiment, assign
from indexing.contracts.profiles import Profile, SearchProfile

WORDS = Profile(name="words", search=SearchProfile(vectors=False))


def policy(*experiments: Experiment) -> Policy:
    """With one profile besides the built-in."""
    return Policy(1, {"words": WORDS}, experiments)


def split(name: str, **more: object) -> Experiment:
    """Half and half."""
    return Experiment(name, [ArmSpec("a", "default"), ArmSpec("b", "words")], **more)  # type: ignore[arg-type]


def test_without_experiments_the_default() -> None:
    """The built-in one, or the shop's own of that name."""
    assert assign_profile(policy(), shopper="s", client_id=None).profile == Profile()
    own = Profile(search=SearchProfile(candidates=50))
    assert assign_profile(Policy(1, {"default": own}), shopper=None, client_id=None).profile == own


def test_forced() -> None:
    """By name; no experiment takes part; an unknown one is refused with those there are."""
    assigned = assign_profile(policy(split("x")), shopper="s", client_id=None, forced="words")
    assert (assigned.profile, assigned.arms) == (WORDS, ())
    with pytest.raises(InputError, match="default, words") as caught:
        assign_profile(policy(), shopper=None, client_id=None, forced="wrods")
    assert caught.value.code == "unknown_profile"


def test_the_arm_is_the_units_own() -> None:
    """As the contract says, for shoppers and for clients; who is unknown takes no part."""
    by_client = split("c", unit="client")
    for number in range(20):
        arm = assign(by_client, f"c{number}")
        assert arm is not None
        assigned = assign_profile(policy(by_client), shopper=None, client_id=f"c{number}")
        assert [one.arm for one in assigned.arms] == [arm.name]
        assert assigned.arms[0].profile_hash == assigned.profile.hash
        assert (assigned.profile is WORDS) == (arm.name == "b")
    assert assign_profile(policy(split("s")), shopper=None, client_id="c1").arms == ()


def test_the_first_by_name_decides() -> None:
    """Two profiles cannot be in force at once."""
    both = policy(split("b"), split("a"))
    assert {
        assign_profile(both, shopper=f"s{n}", client_id=None).arms[0].experiment for n in range(20)
    } == {"a"}
    partly = policy(split("b"), split("a", end=0.5))
    names = [assign_profile(partly, shopper=f"s{n}", client_id=None).arms[0].experiment for n in range(200)]
    assert 60 < names.count("a") < 140
    assert names.count("a") + names.count("b") == 200


def test_a_profile_that_is_not_there_stops_its_experiment() -> None:
    """For all arms, else the split would be uneven."""
    broken = Experiment("x", [ArmSpec("a", "default"), ArmSpec("b", "gone")])
    assert assign_profile(policy(broken), shopper="s", client_id=None).arms == ()
    stopped = split("y", running=False)
    assert assign_profile(policy(stopped), shopper="s", client_id=None).arms == ()
