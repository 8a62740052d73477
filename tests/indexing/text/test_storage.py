"""The analyser in a snapshot."""

import json

import pytest

from indexing.contracts.errors import SnapshotBroken, SnapshotNewer
from indexing.text import build_analyser, open_analyser
from indexing.text import segmenter as segmenters
from indexing.text.golden import golden_titles
from indexing.text.segmenter import load_jieba


def test_what_was_saved_opens_as_it_was(tmp_path):
    """Words, language and every token are the same again."""
    built = build_analyser(["TP-LINK", "猫抓板"], language="en")
    built.save(tmp_path / "text")
    opened = open_analyser(tmp_path / "text")
    assert (opened.words, opened.language, opened.fingerprint) == (built.words, "en", built.fingerprint)
    assert opened.index("tp link mugs 猫抓板") == built.index("tp link mugs 猫抓板")


def test_golden_titles_are_many_and_always_the_same():
    """Two thousand, of every kind that the analyser treats; their number and ends are fixed."""
    titles = golden_titles()
    assert titles == golden_titles()
    assert len(titles) == 2000
    assert len(set(titles)) > 1990


def test_fingerprint_depends_on_words_and_language():
    """Another dictionary or language is another analysis."""
    prints = {
        build_analyser([]).fingerprint,
        build_analyser(["猫抓板"]).fingerprint,
        build_analyser([], language="en").fingerprint,
    }
    assert len(prints) == 3


def test_a_library_that_changes_words_is_refused(tmp_path, monkeypatch):
    """Another segmentation than the index was built with is an error that says what to do."""
    build_analyser([]).save(tmp_path)

    def other(words):
        segmenter = load_jieba(words)
        cut = segmenter.cut
        segmenter.cut = lambda run: list(run) if "电饭煲" in run else cut(run)
        return segmenter

    monkeypatch.setattr("indexing.text.analyser.load_segmenter", other)
    with pytest.raises(
        SnapshotBroken, match=r"analysed differently.*by rjieba, now by jieba.*Build a new"
    ) as caught:
        open_analyser(tmp_path)
    assert caught.value.path == str(tmp_path / "analyser.json")


def test_jieba_opens_what_rjieba_built(tmp_path, monkeypatch):
    """A host without a wheel of rjieba serves the same snapshot."""
    built = build_analyser(["猫抓板", "小米"])
    built.save(tmp_path)
    monkeypatch.setattr(segmenters, "_rjieba", lambda: None)
    monkeypatch.setattr("indexing.text.analyser.load_segmenter", load_jieba)
    opened = open_analyser(tmp_path)
    assert opened.segmenter.library == "jieba"
    assert opened.fingerprint == built.fingerprint


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 1}', b"\xff\xfe", b'{"format": "1"}'])
def test_a_damaged_file_is_refused(tmp_path, damage):
    """Cut short, empty or something else."""
    (tmp_path / "analyser.json").write_bytes(damage)
    with pytest.raises(SnapshotBroken, match="build a new snapshot"):
        open_analyser(tmp_path)


def test_an_absent_file_is_refused(tmp_path):
    """With its path in the message."""
    with pytest.raises(SnapshotBroken, match=r"analyser\.json"):
        open_analyser(tmp_path / "nowhere")


def test_a_newer_file_is_refused(tmp_path):
    """Whatever else a newer format may hold."""
    (tmp_path / "analyser.json").write_bytes(json.dumps({"format": 2, "shape": "other"}).encode())
    with pytest.raises(SnapshotNewer, match="format 2"):
        open_analyser(tmp_path)


def test_changed_words_are_noticed(tmp_path):
    """A file whose words were edited no longer makes what its fingerprint says."""
    build_analyser(["猫抓板"]).save(tmp_path)
    path = tmp_path / "analyser.json"
    path.write_text(path.read_text("utf-8").replace("猫抓板", "抓板猫"), "utf-8")
    with pytest.raises(SnapshotBroken):
        open_analyser(tmp_path)
