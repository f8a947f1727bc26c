"""One order from two: fusing the hits by meaning with the hits by words.

A passage's score is its cosine similarity plus a share of its score by words, which is BM25 counted in rarest words
(see `index.words`). So a score says something on its own (about 0 for a passage that has nothing to do with the
question, above 1 for one that is near in meaning and in words), a question whose words are rare and concentrated
follows the words, and one whose words are common, or spread over two passages, follows the meaning. A share of the
list's best score would lift that best however little it holds. Measured against other ways by
`python -m tests.benchmarks.fusion`; see the README's decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.documents import FoundBy

# What a word that no other passage holds can add to a passage's score at most; chosen on SQuAD's tune part.
WORDS_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Fused:
    """A passage's id with its fused score and the list or lists that it was in."""

    passage_id: str
    score: float
    found_by: FoundBy


def fuse(meaning: Iterable[tuple[str, float]], words: Iterable[tuple[str, float]]) -> list[Fused]:
    """Fuse ids with cosine similarities and ids with scores by words, best first; the order in the lists is ignored.

    A passage that is only in the list of words gets the lowest similarity of the other list: it is no nearer than that.
    Equal scores are in order of id.
    """
    similarity, rarest = dict(meaning), dict(words)
    farthest = min(similarity.values(), default=0.0)
    fused = [
        Fused(
            passage_id=passage_id,
            score=similarity.get(passage_id, farthest) + WORDS_WEIGHT * rarest.get(passage_id, 0.0),
            found_by=_found_by(passage_id in similarity, passage_id in rarest),
        )
        for passage_id in similarity.keys() | rarest.keys()
    ]
    return sorted(fused, key=lambda hit: (-hit.score, hit.passage_id))


def _found_by(meaning: bool, words: bool) -> FoundBy:
    if meaning and words:
        return "both"
    return "meaning" if meaning else "words"
