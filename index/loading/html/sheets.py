"""The rules of a page's own style sheets, as far as they say of one tag, class or id what cannot be seen.

Only rules with a single simple selector are read. What any other rule (of a medium, of a state, of two classes, of a
sheet among the words) may say against them makes what they say unknown, and what is unknown is seen: a word too many
does less harm than one that is lost.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from index.loading.html.looks import declarations, shows

_MOST_CHARACTERS = 500_000
# One that is not closed goes on to the end.
_COMMENT = re.compile(r"/\*(?:.*?\*/|.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
# Characters that were escaped stand here while selectors are taken apart, as they are no signs of a selector.
_ASIDE = 0xF0000
_WORD = r"(?:[\w-]|[^\x00-\x7f])+"
_SIMPLE = re.compile(rf"[a-zA-Z][\w-]*|(?:[a-zA-Z][\w-]*)?[.#]{_WORD}")
_NAME = re.compile(rf"[.#]?{_WORD}")
_ACTED = re.compile(r":(?:hover|focus|active|visited)")
_BESIDE = re.compile(r"::|:(?:before|after|first-letter|first-line)\b")
# What such rules may say of words that nobody can see, and what undoes it.
_TOLD = frozenset(
    """
    display visibility opacity font-size font color background background-color background-image background-clip
    -webkit-background-clip -webkit-text-fill-color text-shadow position left right top bottom inset text-indent
    margin margin-left clip clip-path width height min-width min-height overflow transform animation animation-name
    -webkit-animation transition transition-property
    """.split()  # noqa: SIM905
)
_INHERITED = ("color", "font-size", "visibility", "background")
# What a script, or what it stands behind, opens.
_OPENED = frozenset({"display", "visibility", "opacity", "height", "width", "transform"})
_SCRIPT = re.compile(
    r"<script\b(?![^>]{0,300}(?:json|template))|<button\b|\son[a-z]{3,20}\s{0,5}=|\baria-expanded\b", re.IGNORECASE
)
_LINK = re.compile(r"<link\b[^>]{0,500}style|<\?xml-stylesheet|@import", re.IGNORECASE)
_MARK = re.compile(
    r"<(style|/?noscript|body|p|div|table|h[1-6]|section|main|article|header|ul|ol|span|center)(?![\w-])([^>]*)",
    re.IGNORECASE,
)
_STYLE_ENDS = re.compile("</style", re.IGNORECASE)
_MEDIUM = re.compile(r"""\bmedia\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


class Sheet:
    """The simple rules of a page, in the order of their weight: tags, classes, ids."""

    def __init__(self, page: str) -> None:
        # By name, each with its weight, its place among the rules and what it says.
        self._rules: dict[str, list[tuple[int, int, dict[str, str]]]] = defaultdict(list)
        self._count = 0
        self._undone: dict[str, set[str]] = defaultdict(set)
        self._scripted = _SCRIPT.search(page) is not None
        # What an element around says of these may not hold for those in it, whatever the simple rules say.
        self.doubts: set[str] = set(_INHERITED if _LINK.search(page) else ())
        for text, media, astray in _sheets(page):
            if media != "print":
                self._doubt(text, astray or not for_screens(media))

    def read(self, text: str) -> None:
        """Take in a style sheet that holds for what follows."""
        for selectors, declared, inside in _rules(text):
            told = _told(declared) if not inside else {}
            for selector in selectors if told else ():
                if _SIMPLE.fullmatch(selector):
                    tag, sign, name = (
                        re.split("([.#])", selector, maxsplit=1) if re.search("[.#]", selector) else (selector, "", "")
                    )
                    weight = (1 if tag else 0) + {"": 0, ".": 10, "#": 100}[sign]
                    self._count += 1
                    self._rules[tag.lower() + sign + _restored(name)].append((weight, self._count, told))

    def style(self, tag: str, attributes: Mapping[str, str]) -> str:
        """What the rules and its own attribute say of an element, the weightiest last."""
        own = attributes.get("style", "")
        if not self._rules:
            return own
        names = [f".{name}" for name in attributes.get("class", "").split()]
        names += [f"#{attributes['id']}"] if "id" in attributes else []
        found = [rule for name in (tag, *names, *(tag + name for name in names)) for rule in self._rules.get(name, ())]
        if not found:
            return own
        unknown = set(_OPENED) if self._scripted else set()
        for name in ("*", tag, *names):
            unknown |= self._undone.get(name, set())
        said = [
            f"{key}:{'unknown' if key in unknown else value}"
            for _, _, told in sorted(found, key=lambda rule: rule[:2])
            for key, value in told.items()
        ]
        return ";".join([*said, own])

    def _doubt(self, text: str, strays: bool) -> None:
        """Note what a sheet says that `read` does not take in; that is all of it where it strays."""
        for selectors, declared, inside in _rules(text):
            told = _told(declared)
            shown = {key for key, value in told.items() if shows(key, value)}
            if any(key.startswith("background") for key in shown):
                shown |= {"background", "background-color"}
            for selector in selectors if shown else ():
                simple = _SIMPLE.fullmatch(selector) is not None
                if (simple and not inside and not strays) or _BESIDE.search(selector):
                    continue
                if not _ACTED.search(selector):
                    self.doubts.update(shown.intersection(_INHERITED))
                # A rule for what is in a name says nothing of the name itself; one for all things weighs nothing.
                last = re.split(r"[\s>+~]+", selector)[-1]
                for name in _NAME.findall(last) if last[:1] not in "*[:&" else ["*"] * (selector != "*"):
                    self._undone[_restored(name) if name[0] in ".#" else name.lower()] |= shown


def for_screens(media: str) -> bool:
    """True where a sheet for such media always holds on a screen."""
    return media.strip().lower() in ("", "all", "screen")


def _sheets(page: str) -> Iterator[tuple[str, str, bool]]:
    """Each sheet of a page with its media, and whether it stands among the words or in place of a script."""
    among, without, at = False, False, 0
    while mark := _MARK.search(page, at):
        name, at = mark[1].lower(), mark.end()
        if name != "style":
            among, without = among or "noscript" not in name, name == "noscript" if "noscript" in name else without
            continue
        end = _STYLE_ENDS.search(page, at)
        medium = _MEDIUM.search(mark[2])
        media = next((one for one in medium.groups() if one), "") if medium else ""
        at = end.start() if end else len(page)
        yield page[mark.end() + 1 : at], media.strip().lower(), among or without


def _rules(text: str) -> Iterator[tuple[list[str], str, bool]]:
    """Each rule: its selectors, what it declares, and whether it is within a rule of another kind, such as a medium."""
    text = _ESCAPED.sub(_aside, _COMMENT.sub("", text[:_MOST_CHARACTERS]))
    opened: list[str] = []
    last = printed = 0
    for brace in re.finditer("[{}]", text):
        piece, last = text[last : brace.start()], brace.end()
        if brace[0] == "{":
            opened.append(piece.rpartition(";")[2].strip())
            printed += opened[-1] == "@media print"
        elif opened:
            head = opened.pop()
            printed -= head == "@media print"
            if head[:1] != "@" and not printed:
                selectors = [one.strip().replace(":root", "html") for one in head.split(",")]
                yield [one for one in selectors if one], piece, bool(opened)


def _told(declared: str) -> dict[str, str]:
    return {key: value for key, value in declarations(declared).items() if key in _TOLD}


def _aside(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else ord(match[2])
    return chr(_ASIDE + code) if 0 < code < 0xFFFE else ""


def _restored(name: str) -> str:
    return "".join(chr(ord(sign) - _ASIDE) if ord(sign) >= _ASIDE else sign for sign in name)
