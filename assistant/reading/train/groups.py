"""Groups: what the network is shown together. One question, and windows that retrieval would bring for it.

An answerable question has its gold window among hard negatives (the best others of the same text and of other texts);
for an unanswerable one there are only such others, and none of them answers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.reading.encoding import Encoded, Encoder, Tokens, room, window
from assistant.reading.train.sets import Asking, Pool
from assistant.reading.train.twisting import renamed, twisted
from index.embedding import Embedder

# How much the words that a question shares with a sentence count beside their cosine, in finding hard negatives.
WORDS_WEIGHT = 0.5
# Hard negatives of other texts are drawn from so many of the best sentences.
DRAWN_FROM = 12
# How often the gold window is built around another sentence than the gold one, and how often the context is left out.
OFF_CENTER = 0.35
WITHOUT_CONTEXT = 0.3

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shown:
    """A window as the network reads it: which of its sentences answer (from 0), and the short answer's tokens."""

    encoded: Encoded
    gold: frozenset[int]
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Group:
    """A question's windows. Where none has a gold sentence, the question is unanswerable."""

    windows: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How often a pool's questions are shown in a pass, and with how many windows of their own and of other texts.

    `names_first` is the share of twisted questions for which another name or number is tried before other changes.
    """

    passes: float
    unanswerable_passes: float
    twisted: float
    own: int
    others: int
    names_first: float = 0.0


class Miner:
    """Makes groups of one pool. Sentences and questions are embedded once."""

    def __init__(self, pool: Pool, encoder: Encoder, embedder: Embedder) -> None:
        self._pool, self._encoder = pool, encoder
        self._places = [(text, number) for text, one in enumerate(pool.texts) for number in range(len(one.sentences))]
        self._first = np.cumsum([0, *(len(one.sentences) for one in pool.texts)])
        written = [sentence for text in pool.texts for sentence in text.sentences]
        self._tokens = encoder.tokens(written)
        self._contexts = encoder.tokens([text.context for text in pool.texts])
        self._sentences, self._asked = (
            _meanings(texts, embedder) for texts in (written, [asking.question for asking in pool.askings])
        )
        self._words, self._asked_words = _words(written, [asking.question for asking in pool.askings])

    def groups(self, recipe: Recipe, chance: random.Random) -> Iterator[Group]:
        """One pass over the pool."""
        for place, asking in enumerate(self._pool.askings):
            passes = recipe.passes if asking.gold else recipe.unanswerable_passes
            scores = None
            for _ in range(_times(passes, chance)):
                scores = self._scores(place) if scores is None else scores
                yield self._group(asking.question, asking, scores, recipe, chance)
            if asking.gold and chance.random() < recipe.twisted:
                scores = self._scores(place) if scores is None else scores
                group = self._twisted(asking, scores, recipe, chance)
                if group is not None:
                    yield group

    def _scores(self, place: int) -> Matrix:
        shared = np.asarray((self._words @ self._asked_words[place].T).todense()).ravel()
        scores: Matrix = self._sentences @ self._asked[place] + WORDS_WEIGHT * shared
        return scores

    def _group(self, question: str, asking: Asking, scores: Matrix, recipe: Recipe, chance: random.Random) -> Group:
        asked = self._encoder.tokens([question])[0]
        own = range(int(self._first[asking.text]), int(self._first[asking.text + 1]))
        centers: list[int] = []
        if asking.gold:
            gold = chance.choice(asking.gold)
            near = [number for number in (gold - 1, gold + 1) if 0 <= number < len(own)]
            centers.append(own[chance.choice(near) if near and chance.random() < OFF_CENTER else gold])
        elsewhere = scores.copy()
        elsewhere[own.start : own.stop] = -np.inf
        best = np.argpartition(-elsewhere, min(DRAWN_FROM, len(elsewhere) - 1))[:DRAWN_FROM]
        drawn = [int(one) for one in best if np.isfinite(elsewhere[one])]
        chance.shuffle(drawn)
        for center in sorted(own, key=lambda one: -float(scores[one]) + 0.1 * chance.random()):
            if len(centers) >= recipe.own:
                break
            covered = {one for made in centers for one in self._around(asked, made)}
            if center not in covered:
                centers.append(center)
        centers += drawn[: recipe.own + recipe.others - len(centers)]
        with_context = chance.random() >= WITHOUT_CONTEXT
        shown = [self._shown(asked, center, asking, with_context) for center in centers]
        if asking.gold and not any(one.gold for one in shown):
            shown[0] = self._shown(asked, own[asking.gold[0]], asking, with_context)
        return Group(tuple(shown))

    def _around(self, asked: Tokens, center: int) -> range:
        """The sentences of the window around one, by their numbers in the pool."""
        text = self._places[center][0]
        first, last = int(self._first[text]), int(self._first[text + 1])
        lengths = [len(tokens) for tokens in self._tokens[first:last]]
        inside = window(lengths, center - first, room(asked, self._contexts[text]))
        return range(first + inside.start, first + inside.stop)

    def _shown(self, asked: Tokens, center: int, asking: Asking, with_context: bool) -> Shown:
        text = self._places[center][0]
        inside = self._around(asked, center)
        context = self._contexts[text] if with_context else Tokens((), ())
        encoded = self._encoder.encode(asked, context, [self._tokens[one] for one in inside])
        own = text == asking.text
        gold = frozenset(
            number
            for number, one in enumerate(inside)
            # A sentence that was cut off altogether is not there to be chosen.
            if own and self._places[one][1] in asking.gold and (encoded.segments == number + 1).any()
        )
        span = None
        if gold and asking.span is not None and own:
            number = next(number for number, one in enumerate(inside) if self._places[one][1] == asking.gold[0])
            span = _token_span(encoded, number + 1, asking.span)
        return Shown(replace(encoded, places=()), gold, span)

    def _twisted(self, asking: Asking, scores: Matrix, recipe: Recipe, chance: random.Random) -> Group | None:
        text = self._pool.texts[asking.text]
        beside = self._pool.texts[max(0, asking.text - 2) : asking.text + 3]
        others = [sentence for one in beside for sentence in one.sentences]
        gold = text.sentences[asking.gold[0]]
        changed = None
        if recipe.names_first and chance.random() < recipe.names_first:
            changed = renamed(asking.question, gold, others, chance)
        changed = changed or twisted(asking.question, gold, others, chance)
        if changed is None:
            return None
        group = self._group(changed, asking, scores, recipe, chance)
        return Group(tuple(Shown(one.encoded, frozenset(), None) for one in group.windows[: recipe.own]))


def _token_span(encoded: Encoded, segment: int, span: tuple[int, int]) -> tuple[int, int] | None:
    """The first and the last token of a place in a sentence; None where it was cut off."""
    inside = [
        token
        for token in np.flatnonzero(encoded.segments == segment)
        if encoded.places[token][0] < span[1] and encoded.places[token][1] > span[0]
    ]
    whole = bool(inside) and encoded.places[inside[-1]][1] >= span[1]
    return (int(inside[0]), int(inside[-1])) if whole else None


def _times(passes: float, chance: random.Random) -> int:
    return int(passes) + (chance.random() < passes % 1)


def _meanings(texts: Sequence[str], embedder: Embedder) -> Matrix:
    from assistant.reading.candidates import fitted

    return embedder.embed_passages([fitted(text, embedder) for text in texts])


def _words(sentences: Sequence[str], questions: Sequence[str]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Sparse matrices of weighted words, rows of length 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    held = vectorizer.fit_transform(sentences)
    return held.tocsr(), vectorizer.transform(questions).tocsr()
