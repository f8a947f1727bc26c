"""The public data that the reader model was made from: what tests/data.toml says of it, and what the model makes of it.

Tests that read the data are skipped unless `pytest --data DIR` names its folder.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.reading.candidates import likeness
from assistant.reading.own_model import OwnModel
from assistant.reading.train.retrieval import Paragraphs, read_squad, together
from assistant.reading.train.sets import clapnq_titles, everything
from assistant.reading.weighing import compared, load_fitted, look
from index.embedding import Embedder

SETS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "data.toml").read_text(encoding="utf-8"))["set"]
ASKED = 100


@pytest.mark.parametrize("entry", SETS, ids=lambda entry: entry["name"])
def test_the_list_says_where_each_file_is_from(entry: dict[str, Any]) -> None:
    assert {"path", "sha256", "repository", "from", "licence", "use"} <= set(entry)
    assert len(entry["sha256"]) == 64
    assert entry["repository"].startswith("https://github.com/")


def test_no_article_is_in_two_splits() -> None:
    splits = [set(entry["titles"]) for entry in SETS if "titles" in entry]
    assert len(splits) == 3
    assert not any(one & other for one, other in itertools.combinations(splits, 2))


@pytest.mark.parametrize("entry", SETS, ids=lambda entry: entry["name"])
def test_the_files_are_those_of_the_list(entry: dict[str, Any], public_data: Path) -> None:
    content = (public_data / entry["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    if "titles" in entry:
        assert [article["title"] for article in json.loads(content)["data"]] == entry["titles"]


def test_what_is_trained_on_holds_no_article_of_the_other_splits(public_data: Path) -> None:
    held = {title.replace("_", " ") for entry in SETS[1:3] for title in entry["titles"]}
    pools = {pool.name: pool for pool in everything(public_data)}
    assert {name: len(pool.askings) for name, pool in pools.items()} == {
        "squad": 10_932,
        "squad_sentences": 11_877,
        "selqa": 2_375,
        "qed": 1_006,
    }
    assert not {text.context for text in pools["squad"].texts} & held
    assert not {text.context for text in pools["qed"].texts} & clapnq_titles(public_data / "clapnq")


def test_a_gold_sentence_holds_its_short_answer(public_data: Path) -> None:
    pool = everything(public_data)[0]
    raw = json.loads((public_data / "squad" / "train.json").read_text(encoding="utf-8"))
    # A paragraph may be asked the same question twice, with different answers.
    known = {
        qa["answers"][0]["text"]
        for article in raw["data"]
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
        if qa["answers"]
    }
    for asking in (one for one in pool.askings if one.gold):
        assert asking.span is not None
        assert pool.texts[asking.text].sentences[asking.gold[0]][slice(*asking.span)] in known


@pytest.mark.slow
def test_the_shipped_model_chooses_well_on_articles_that_it_never_saw(
    public_data: Path, embedder: Embedder, tmp_path: Path
) -> None:
    paragraphs, known = together(read_squad(public_data / "squad" / "tune.json"))
    asked = random.Random(3).sample([one for one in known if one.offsets], ASKED)
    fitted, model = load_fitted(), OwnModel()
    hits = 0
    for one in Paragraphs(paragraphs, embedder, tmp_path).brought(asked):
        looked = look(one.asked, one.candidates, model, fitted.promising)
        looked = compared(one.asked, looked, fitted.leading, partial(likeness, embedder))
        best = looked.candidates[int(np.argmax(fitted.choosing.score(looked.rows)))]
        hits += bool(one.right[one.candidates.index(best)])
    assert hits >= 0.75 * ASKED
