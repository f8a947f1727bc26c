"""The rules of a page's own style sheets, as far as they say of one tag, class or id what cannot be seen.

Only rules with a single simple selector are read. What any other rule (of a medium, of a state, of two classes) says
of the same name may undo them: then they say nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

_MOST_CHARACTERS = 500_000
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[a-zA-Z][\w-]*|\*)?|(?:[a-zA-Z][\w-]*)?[.#]-?[_a-zA-Z][\w-]*")
_NAME = re.compile(r"[.#]?-?[_a-zA-Z][\w-]*")
# What such rules may say of words that nobody can see, and what undoes it.
_TOLD = re.compile(
    r"(?:^|;)\s*(display|visibility|opacity|font-size|color|background(?:-color)?|position|left|right|top|text-indent|margin-left|"
    r"clip|clip-path|width|height|overflow|transform)\s*:",
    re.IGNORECASE,
)


class Sheet:
    """The simple rules of a page, in the order of their weight: tags, classes, ids."""

    def __init__(self) -> None:
        self._rules: dict[str, list[str]] = defaultdict(list)
        self._undone: set[str] = set()
        # True where something else than a simple rule may give the page a background.
        self.paints = False

    def read(self, text: str) -> None:
        """Take in a style sheet."""
        text = _COMMENT.sub("", text[:_MOST_CHARACTERS])
        self.paints = self.paints or "@import" in text
        outside, inside = _parted(text)
        for selectors, declared in _RULE.findall(outside):
            for selector in selectors.rpartition(";")[2].split(","):
                self._take(selector.strip(), declared, simple=True)
        for selectors, declared in _RULE.findall(inside):
            for selector in selectors.split(","):
                self._take(selector.strip(), declared, simple=False)

    def style(self, tag: str, attributes: Mapping[str, str]) -> str:
        """What the rules and its own attribute say of an element, the weightiest last."""
        own = attributes.get("style", "")
        if not self._rules:
            return own
        classes = [f".{name}" for name in attributes.get("class", "").split()]
        ids = [f"#{attributes['id']}"] if "id" in attributes else []
        found = [
            rule
            for name in (tag, *classes, *(f"{tag}{name}" for name in classes), *ids)
            if not self._undone & {name, *classes, *ids}
            for rule in self._rules.get(name, ())
        ]
        return ";".join([*found, own]) if found else own

    def _take(self, selector: str, declared: str, *, simple: bool) -> None:
        if not _TOLD.search(declared):
            return
        if simple and selector and _SIMPLE.fullmatch(selector):
            self._rules[selector.lower() if selector[0] not in ".#" else selector].append(declared)
            return
        self.paints = self.paints or "background" in declared
        # A rule for the descendants of a name says nothing of the name itself.
        self._undone.update(name for name in _NAME.findall(re.split(r"[\s>+~]+", selector)[-1]) if name[0] in ".#")


def _parted(text: str) -> tuple[str, str]:
    """The rules that always hold, and those within a rule of another kind, such as for a medium."""
    outside, inside, depth, start, opened = [], [], 0, 0, 0
    for match in re.finditer(r"[{}]", text):
        depth += 1 if match[0] == "{" else -1 if depth else 0
        if match[0] == "{" and depth == 1:
            opened = match.end()
        if match[0] == "{" or depth:
            continue
        if text[start:opened].rpartition(";")[2].strip().startswith("@"):
            inside.append(text[opened : match.start()])
        else:
            outside.append(text[start : match.end()])
        start = match.end()
    return "".join(outside), "".join(inside)
