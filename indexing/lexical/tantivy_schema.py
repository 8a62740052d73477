"""How a document's fields lie in tantivy.

``row`` is the number that everything else goes by; an index is sorted by it, so that within a segment the
order of documents, by which tantivy breaks ties, is the order of rows. ``words`` has frequencies and no
positions, ``characters`` positions. Values have the names of ``field_kinds`` and are fast fields: ranges,
facets and orders read columns. Numbers are float64, since an attribute may be any number; ids have no
column, for nobody counts or orders them.
"""

from __future__ import annotations

import json
from pathlib import Path

import tantivy

from indexing.contracts.columns import NO_COLUMN
from indexing.contracts.errors import SnapshotBroken
from indexing.lexical.base import Kinds

ROW = "row"
WORDS = "words"
CHARACTERS = "characters"


def schema(kinds: Kinds) -> tantivy.Schema:
    """The schema of an index over these fields."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(ROW, fast=True, indexed=True)
    builder.add_text_field(WORDS, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(CHARACTERS, tokenizer_name="whitespace", index_option="position")
    for name, kind in sorted(kinds.items()):
        if kind in {"text", "texts"}:
            fast = name not in NO_COLUMN
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=fast)
        elif kind == "flag":
            builder.add_boolean_field(name, fast=True, indexed=True)
        else:
            builder.add_float_field(name, fast=True)
    return builder.build()


def check_folder(folder: Path, kinds: Kinds) -> None:
    """Refuse a folder that has no index, or one over other fields.

    Raises:
        SnapshotBroken: with what is wrong.
    """
    try:
        meta = json.loads((folder / "meta.json").read_bytes())
        held = {field["name"] for field in meta["schema"]}
        order = meta["index_settings"]["sort_by_field"]["field"]
        for segment in meta["segments"]:  # tantivy opens a segment without positions, and fails later
            (folder / f"{segment['segment_id'].replace('-', '')}.pos").stat()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotBroken(f"no search index in {folder}: {error}", path=str(folder)) from error
    wanted = {ROW, WORDS, CHARACTERS, *kinds}
    if held != wanted or order != ROW:
        odd = ", ".join(sorted(held ^ wanted)) or "its order"
        detail = (
            f"the search index in {folder} was built for another shop.toml or by another version: {odd}"
        )
        raise SnapshotBroken(detail, path=str(folder))
