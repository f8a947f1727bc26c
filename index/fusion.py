"""One order from two: fusing the hits by meaning with the hits by words.

A passage's score is its cosine similarity plus half of its BM25 score as a share of the best BM25 score for the
question. So a score says something on its own (about 0 for a passage that has nothing to do with the question, above 1
for one that is near in meaning and in words), and a question whose words are rare follows the words where they are
concentrated. Measured against other ways by `python -m tests.benchmarks.fusion`; see the README's decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.documents import FoundBy

WORDS_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Fused:
    """A passage's id with its fused score and the list or lists that it was in."""

    passage_id: str
    score: float
    found_by: FoundBy


def fuse(meaning: Iterable[tuple[str, float]], words: Iterable[tuple[str, float]]) -> list[Fused]:
    """Fuse ids with cosine similarities and ids with BM25 scores, best first; the order within the lists is ignored.

    A passage that is only in the list of words gets the lowest similarity of the other list: it is no nearer than that.
    Equal scores are in order of id.
    """
    similarity, bm25 = dict(meaning), dict(words)
    farthest = min(similarity.values(), default=0.0)
    most = max(bm25.values(), default=0.0)
    share = WORDS_WEIGHT / most if most > 0 else 0.0
    fused = [
        Fused(
            passage_id=passage_id,
            score=similarity.get(passage_id, farthest) + share * bm25.get(passage_id, 0.0),
            found_by=_found_by(passage_id in similarity, passage_id in bm25),
        )
        for passage_id in similarity.keys() | bm25.keys()
    ]
    return sorted(fused, key=lambda hit: (-hit.score, hit.passage_id))


def _found_by(meaning: bool, words: bool) -> FoundBy:
    if meaning and words:
        return "both"
    return "meaning" if meaning else "words"
