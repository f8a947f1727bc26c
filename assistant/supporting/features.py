"""Features: what a statement and its quotes have in common, as numbers that a small model can weigh.

Some count words, the others say for each token of a statement how like the most alike token of its quotes is, in the
reader's states. Numbers, names and negations are left to the rules of checking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assistant.supporting.states import LAYERS, QUOTES_TOKENS, SENTENCES, StateReader, States
from index.words import stems

# Most sentences that a statement is read with, where it cites more than fit.
MOST_QUOTES = 4
# Word pieces stand in the vocabulary in order of how common they are, the signs and letters before.
FIRST_WORD_ID, LEAST_ID = 995, 1010

_SMALL = frozenset({
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "by", "with", "as", "and", "or", "but", "if",
    "then", "than", "that", "this", "these", "those", "it", "its", "is", "are", "was", "were", "be", "been",
    "being", "has", "have", "had", "do", "does", "did", "will", "would", "can", "could", "may", "might", "shall",
    "should", "i", "you", "he", "she", "they", "we", "me", "him", "her", "them", "us", "my", "your", "his", "their",
    "our", "what", "which", "who", "whom", "whose", "when", "where", "why", "how", "there", "here", "so", "not",
    "no", "nor", "also", "very", "just", "about", "into", "over", "under", "up", "down", "out", "off", "again",
    "further", "once", "only", "own", "same", "too", "s", "t", "d", "ll", "m", "o", "re", "ve", "y",
})  # fmt: skip
_NUMBERS = frozenset({
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty",
    "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TALK = re.compile(r"\b(?:i|my|me|we|our|you|your|i'm|i've|im)\b", re.IGNORECASE)
_STOP = re.compile(r"[.!?](?:\s|$)")

Row = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def measured(text: str, quotes: Sequence[str], reader: StateReader) -> dict[str, float]:
    """All features by name; the quotes are those that `nearest` gives. Raises `ModelUnavailable`."""
    return {**of_words(text, quotes), **of_states(reader.read(text, quotes), reader.vocabulary)}


def nearest(text: str, quotes: Sequence[str], reader: StateReader) -> list[str]:
    """The quotes, and where they are too many to be read with a statement, those that share its words."""
    lengths = [len(ids) for ids in reader.tokens(quotes)]
    if sum(lengths) <= QUOTES_TOKENS and len(quotes) <= SENTENCES:
        return list(quotes)
    said = [set(stems(quote)) for quote in quotes]
    wanted = set(stems(text))
    weights = {
        word: float(np.log((len(quotes) + 1) / (sum(word in one for one in said) + 0.5))) for word in sorted(wanted)
    }
    missing, left, chosen = set(wanted), QUOTES_TOKENS, list[int]()
    while len(chosen) < min(MOST_QUOTES, len(quotes)):
        others = [place for place in range(len(quotes)) if place not in chosen]
        worth = [_worth(said[place], missing, weights) + 0.3 * _worth(said[place], wanted, weights) for place in others]
        best = others[int(np.argmax(worth))]
        if chosen and (not said[best] & missing or lengths[best] > left):
            break
        chosen.append(best)
        left -= lengths[best]
        missing -= said[best]
    return [quotes[place] for place in sorted(chosen)]


def _worth(words: set[str], wanted: set[str], weights: dict[str, float]) -> float:
    return sum(weights[word] for word in sorted(words & wanted))


def of_words(text: str, quotes: Sequence[str]) -> dict[str, float]:
    """What counting words shows."""
    source = " ".join(quotes)
    said, there = _words(text), _words(source)
    known = set(stems(" ".join(there)))
    held = [stem in known for stem in stems(" ".join(said))]
    run = _longest_run(said, there)
    return {
        "content held": float(np.mean(held)) if held else 1.0,
        "content missing": float(np.log1p(held.count(False))),
        "longest missing": float(min(_longest_missing(held), 8)),
        "words held": _share(said, there, 1),
        "pairs held": _share(said, there, 2),
        "triples held": _share(said, there, 3),
        "run": run / max(1, len(said)),
        "run length": float(np.log1p(run)),
        "talk": float(min(4, len(_TALK.findall(text)))),
        "talk alone": float(bool(_TALK.search(text)) and not _TALK.search(source)),
        "asks": float("?" in text),
        "length": float(np.log1p(len(said))),
        "source length": float(np.log1p(len(there))),
        "sentences": float(len(_STOP.findall(text))),
    }


def _words(text: str) -> list[str]:
    """The words of a text, without numbers: the rules of checking know in how many ways these are written."""
    return [word for word in _WORD.findall(text.lower()) if word not in _NUMBERS]


def _share(said: Sequence[str], there: Sequence[str], size: int) -> float:
    """Share of a statement's runs of so many words that the source has too."""
    mine, theirs = ([tuple(words[n : n + size]) for n in range(len(words) - size + 1)] for words in (said, there))
    known = set(theirs)
    return float(np.mean([one in known for one in mine])) if mine else 0.0


def _longest_run(said: Sequence[str], there: Sequence[str]) -> int:
    """Words of the longest part that both have, word by word."""
    best, before = 0, dict[int, int]()
    for word in said:
        ending = {place: before.get(place - 1, 0) + 1 for place, other in enumerate(there) if other == word}
        best = max(best, *ending.values()) if ending else best
        before = ending
    return best


def _longest_missing(held: Sequence[bool]) -> int:
    longest = count = 0
    for one in held:
        count = 0 if one else count + 1
        longest = max(longest, count)
    return longest


def of_states(states: States, vocabulary: dict[int, str]) -> dict[str, float]:
    """What the reader's states show: how well the tokens of a statement find their like in the quotes."""
    said = {"sentence": states.sentence, "answerable": states.answerable}
    if not len(states.ids) or not len(states.quote_ids):
        return said | {f"{name} {layer}": 0.0 for layer in LAYERS for name in (*_ALIGNED, "cosine")}
    content = _content(states.ids, vocabulary)
    weights = np.log(np.maximum(states.ids, LEAST_ID) - FIRST_WORD_ID)
    for layer, (mine, theirs) in zip(LAYERS, states.layers, strict=True):
        own = mine / np.linalg.norm(mine, axis=1, keepdims=True)
        other = theirs / np.linalg.norm(theirs, axis=1, keepdims=True)
        best = (own @ other.T).max(axis=1).astype(np.float64)
        numbers = _aligned(best, content, weights)
        said |= {f"{name} {layer}": number for name, number in zip(_ALIGNED, numbers, strict=True)}
        whole = own.mean(axis=0), other.mean(axis=0)
        said[f"cosine {layer}"] = float(whole[0] @ whole[1] / np.prod([np.linalg.norm(one) for one in whole]))
    return said


_ALIGNED = ("mean", "all", "weighted", "least", "second least", "low quarter")


def _aligned(best: Row, content: Flags, weights: Row) -> tuple[float, ...]:
    inner = np.sort(best[content])
    low = inner[: max(1, len(inner) // 4)]
    weighted = float((best * weights)[content].sum() / weights[content].sum())
    return (
        float(inner.mean()), float(best.mean()), weighted, float(inner[0]), float(inner[min(1, len(inner) - 1)]),
        float(low.mean()),
    )  # fmt: skip


def _content(ids: npt.NDArray[np.int64], vocabulary: dict[int, str]) -> Flags:
    """Which tokens say something; all where none does."""
    found = np.array([_says(vocabulary[int(one)]) for one in ids])
    return found if found.any() else np.ones(len(ids), dtype=bool)


@lru_cache(maxsize=50_000)
def _says(piece: str) -> bool:
    word = piece.lstrip("#")
    return word not in _SMALL and word not in _NUMBERS and word[-1:].isalpha()
