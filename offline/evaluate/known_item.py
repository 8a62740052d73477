"""Known-item search: one real title is sought by its own words; is it among the first ten?

Three systems answer the same queries over the same titles: the shop's search as it is served, and BM25 on
character bigrams and on jieba's search mode. The two get what any engine's analyser gives (NFKC, lower
case), so that what is compared is the understanding of words.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from indexing.contracts.items import Item
from indexing.contracts.shop import Shop, dump_shop
from indexing.journal import open_journal
from indexing.snapshots import Snapshot
from offline.build import BuildConfig, build
from offline.evaluate.bm25 import Bm25
from offline.evaluate.intervals import Estimate, difference, estimate
from offline.evaluate.metrics import success
from offline.evaluate.plain_jieba import tokenizer
from offline.evaluate.query_forms import FORMS, base_words, forms
from offline.evaluate.tagged_titles import TaggedTitle, read_titles
from search import SearchEngine, SearchRequest

K = 10
"""A title is found when it stands among the first ten; a query that more titles answer is not asked."""
SYSTEMS = ("daogou", "bigrams", "jieba")
Answer = Callable[[str], list[int]]
Progress = Callable[[str, int, int], None]


class FormScore(msgspec.Struct, frozen=True):
    """Success@10 of one form; ``over`` is daogou minus each baseline, paired."""

    form: str
    success: dict[str, Estimate]
    over: dict[str, Estimate]


class KnownItem(msgspec.Struct, frozen=True):
    """Every form, and all together.

    ``missed`` counts by form the queries that a baseline answers and daogou does not; no query or title is
    told, for they are other people's.
    """

    titles: int
    forms: list[FormScore]
    overall: FormScore
    missed: dict[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the number of the title that it seeks."""

    form: str
    query: str
    title: int


def known_item(
    folder: Path, *, per_form: int = 500, seed: int = 1, train: bool = False, progress: Progress
) -> KnownItem:
    """Compare the three over the tagged titles in ``folder``.

    Args:
        per_form: most queries of a form.
        train: also build the text vectors; without, daogou answers by words alone.

    Raises:
        InputError: the titles cannot be read.
    """
    titles = read_titles(folder)
    asked = queries(titles, per_form=per_form, seed=seed)
    with TemporaryDirectory(prefix="daogou-titles-") as scratch:
        snapshot = _built(Path(scratch), titles, train, progress)
        try:
            return _compared(titles, asked, _answers(titles, snapshot), progress)
        finally:
            snapshot.close()


def queries(titles: Sequence[TaggedTitle], *, per_form: int, seed: int) -> list[Asked]:
    """Queries by form, drawn as the seed says; each seeks a title of which at most ten hold its words."""
    rng = np.random.default_rng(seed)
    plain = [folded(one.title) for one in titles]
    others = sorted({word for one in titles for word in one.products if len(word) > 1})
    found: dict[str, list[Asked]] = {form: [] for form in FORMS}
    for number in rng.permutation(len(titles)).tolist():
        words = [folded(word) for word in base_words(titles[number])]
        if sum(all(word in text for word in words) for text in plain) > K:
            continue
        for form, query in forms(titles[number], others, rng):
            if len(found[form]) < per_form:
                found[form].append(Asked(form, query, number))
    return [one for form in FORMS for one in found[form]]


def folded(text: str) -> str:
    """What the baselines see: NFKC and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def bigrams(text: str) -> list[str]:
    """Neighbouring characters, white space left out; one character alone is itself."""
    plain = "".join(folded(text).split())
    return [plain[at : at + 2] for at in range(max(1, len(plain) - 1))]


def search_mode(text: str) -> list[str]:
    """Words of jieba's search mode."""
    return [word for word in tokenizer().cut_for_search(folded(text)) if word.strip()]


def _built(home: Path, titles: Sequence[TaggedTitle], train: bool, progress: Progress) -> Snapshot:
    (home / "shop.toml").write_text(dump_shop(Shop(attributes=())), encoding="utf-8")
    with open_journal(home) as journal:
        journal.catalogue.put([Item(f"{number:06}", one.title) for number, one in enumerate(titles)])
    return Snapshot.open(build(home, BuildConfig(train=train), progress=progress).path)


def _answers(titles: Sequence[TaggedTitle], snapshot: Snapshot) -> dict[str, Answer]:
    engine = SearchEngine(snapshot)

    def ours(query: str) -> list[int]:
        request = SearchRequest(query, limit=K, facets=(), highlight=False)
        return [int(hit.item.item_id) for hit in engine.search(request).hits]

    by_bigrams = Bm25(bigrams(one.title) for one in titles)
    by_words = Bm25(search_mode(one.title) for one in titles)
    return {
        "daogou": ours,
        "bigrams": lambda query: by_bigrams.search(bigrams(query), K),
        "jieba": lambda query: by_words.search(search_mode(query), K),
    }


def _compared(
    titles: Sequence[TaggedTitle], asked: Sequence[Asked], answers: dict[str, Answer], progress: Progress
) -> KnownItem:
    values: dict[str, list[float]] = {name: [] for name in answers}
    for done, one in enumerate(asked):
        for name, answer in answers.items():
            values[name].append(success(answer(one.query), {one.title}, K))
        if done % 100 == 0:
            progress("Known items", done, len(asked))
    progress("Known items", len(asked), len(asked))
    scores = {name: np.array(found) for name, found in values.items()}
    of_form = np.array([one.form for one in asked])
    by_form = [_score(form, scores, of_form == form) for form in FORMS if (of_form == form).any()]
    behind = np.flatnonzero(scores["daogou"] < np.maximum(scores["bigrams"], scores["jieba"]))
    missed = Counter(asked[place].form for place in behind.tolist())
    overall = _score("all", scores, np.ones(len(asked), np.bool_))
    return KnownItem(len(titles), by_form, overall, dict(missed))


def _score(form: str, scores: dict[str, np.ndarray], these: np.ndarray) -> FormScore:
    ours = scores["daogou"][these]
    return FormScore(
        form,
        {name: estimate(values[these]) for name, values in scores.items()},
        {name: difference(ours, scores[name][these]) for name in scores if name != "daogou"},
    )
