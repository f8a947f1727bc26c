"""Likeness: which documents are nearly the same text, so that five reprints of a report do not pass for five sources.

MinHash over runs of words (Broder 1997) estimates the share of runs that two texts have in common. A document's
signature is kept with its version; its bands, which are equal between like texts more often than not, find the
candidates without comparing all with all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

# Words in a run, and numbers in a signature; equal signatures need neither seed nor library version to match but these.
RUN = 4
NUMBERS = 64
SEED = 1
# Bands of four numbers: texts that share three quarters of their runs meet in a band 99 times in 100.
IN_BAND = 4
ALIKE = 0.7
# Shorter texts have too few runs to be told apart by them.
LEAST_WORDS = 30

Signature = npt.NDArray[np.uint64]

_WORD = re.compile(r"\w+")


def signature(text: str) -> Signature | None:
    """The signature of a text, shape (`NUMBERS`,); None where it has fewer than `LEAST_WORDS` words."""
    from datasketch import MinHash  # Half a second, paid by whoever takes texts in.

    words = _WORD.findall(text.casefold())
    if len(words) < LEAST_WORDS:
        return None
    made = MinHash(num_perm=NUMBERS, seed=SEED)
    made.update_batch({" ".join(words[place : place + RUN]).encode() for place in range(len(words) - RUN + 1)})
    values: Signature = made.hashvalues.astype(np.uint64)
    return values


def bands(one: Signature) -> Iterator[int]:
    """A number for each band, which fits 64 bits with a sign."""
    for start in range(0, NUMBERS, IN_BAND):
        yield hash_of(one[start : start + IN_BAND])


def hash_of(numbers: Signature) -> int:
    """A number that is equal for equal numbers, on every machine."""
    from index.documents import digest_of

    return int(digest_of(numbers.astype("<u8").tobytes())[:15], 16)


def likeness(one: Signature, other: Signature) -> float:
    """The estimated share of runs of words that two texts have in common (0 to 1)."""
    return float(np.mean(one == other))
