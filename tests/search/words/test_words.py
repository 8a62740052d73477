"""The words that daogou knows from the start."""

from __future__ import annotations

from search.words import cheap_words, seed_synonyms, selling_words, stop_words
from search.words.synonyms import Synonyms


def test_seed_synonyms_are_groups() -> None:
    """Each has two different folded texts at least, and no group is there twice."""
    groups = seed_synonyms()
    assert len(groups) > 150
    assert all(len(set(group)) == len(group) > 1 for group in groups)
    assert len({frozenset(group) for group in groups}) == len(groups)


def test_no_word_sells_and_means() -> None:
    """A word that is ignored names no product."""
    named = {text for group in seed_synonyms() for text in group}
    assert not named & (selling_words() | stop_words() | cheap_words())


def test_others() -> None:
    """Both ways, across groups, spaces or not; a text in no group has none."""
    synonyms = Synonyms([("a b", "c"), ("c", "d")])
    assert synonyms.of("ab") == ("c",)
    assert synonyms.of("c") == ("a b", "d")
    assert synonyms.of("x") == ()
