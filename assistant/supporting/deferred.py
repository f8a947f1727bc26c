"""A score of support that is opened when it is first needed: a command that writes nothing does not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.checking import Support


class DeferredSupport:
    """`Support` around one that `opened` gives, which must give the same one every time."""

    def __init__(self, opened: Callable[[], Support]) -> None:
        self._opened = opened

    @property
    def threshold(self) -> float:
        """A statement whose score is lower is not supported. Raises `ModelUnavailable`."""
        return self._opened().threshold

    def score(self, text: str, quotes: Sequence[str]) -> float:
        """The probability that the quotes bear a statement out. Raises `ModelUnavailable`."""
        return self._opened().score(text, quotes)
