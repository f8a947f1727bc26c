"""A page of HTML as a small tree: blocks as nodes, words as strings, and what cannot be seen left out.

Inline elements leave only their words. Does not parse, does not choose among blocks and does not lay them out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.loading.canonical import plain_characters
from index.loading.html.looks import Look, hidden
from index.loading.html.sheets import Sheet, for_screens

# What is nested deeper than this stands after a blank line instead: what writes the tree may walk it by recursion.
MOST_NESTING = 150
_FEW_PARTS = 12

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = HEADINGS | frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form header hgroup hr legend li main menu nav ol p pre search section summary table tbody td tfoot th
    thead tr ul xmp listing plaintext
    """.split()  # noqa: SIM905
)
# Never words of the page: programs, looks, pictures, films, fields to fill in, what is shown in place of a script.
_NO_WORDS = frozenset(
    """
    applet area audio base canvas col colgroup command datalist embed frame iframe input link meta meter noembed
    noframes noscript object optgroup option param progress rp script select source style svg template textarea title
    track video
    """.split()  # noqa: SIM905
)
_CONTROLS_IN = HEADINGS | frozenset({"summary", "dt", "legend"})
_SPACES = re.compile("[ \t\n]+")
# What ends where its like begins, as a paragraph does before any block; the parser does not see it everywhere.
_FOLLOWS = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr"}, "td": {"td", "th"},
    "th": {"td", "th"},
}  # fmt: skip
_NONE: Mapping[str, str] = {}
# Numbers of lines beside code, signs that link to a heading, and links that edit a section.
_DEBRIS = re.compile(
    r"(?<![\w-])(?:mw-editsection|headerlink|anchorjs-link|linenos?|lineno|line-numbers-rows)(?![\w-])"
)
_ANCHORS = frozenset("§¶#¤🔗")
_RAISED = re.compile(r"[0-9+\-−]{1,6}")
_RAISE = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_PICTURE_FILE = re.compile(r"\S+\.(?:jpe?g|png|gif|svg|webp|bmp|tiff?)", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Node:
    """A block: its tag, its attributes, and in order the words and blocks in it; a newline in words is a line break.

    `letters` and `linked` count the characters that are no spaces, in all and in links, and `links` the links; blocks
    within are included. `bold` is True where it begins with bold words.
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    parts: list[str | Node] = field(default_factory=list)
    letters: int = 0
    linked: int = 0
    links: int = 0
    bold: bool = False

    @property
    def blocks(self) -> list[Node]:
        """The blocks that are directly in this one."""
        return [part for part in self.parts if isinstance(part, Node)]


@dataclass(slots=True)
class Tree:
    """What a page holds: its body, and what its head and its elements say of it."""

    body: Node
    title: str = ""
    language: str = ""
    # Names in lower case, as `name`, `property`, `itemprop` or `http-equiv` gives them, with their content.
    metas: list[tuple[str, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    linked_data: list[str] = field(default_factory=list)
    # The words that are left out as nobody can see them.
    hidden: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """What to go back to where an element ends: how many blocks were open, and the place in the words."""

    look: Look
    blocks: int
    start: int
    author: bool


class Builder:
    """What lxml calls for each tag and each piece of text."""

    def __init__(self, sheet: Sheet) -> None:
        self.tree = Tree(Node("body"))
        self.depth = 0
        # The blocks that are open, from the outermost.
        self._blocks = [self.tree.body]
        self._sheet = sheet
        doubts = frozenset(sheet.doubts)
        self._look = Look(background=None if "background" in doubts else "#ffffff", doubts=doubts)
        self._open: list[_Open] = []
        self._left_out = 0
        self._kept: list[str] | None = None
        self._after = ""
        self._hides = False

    @property
    def leaves_out(self) -> bool:
        """True in an element that is not shown."""
        return self._left_out > 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.depth += 1
        if self._left_out:
            self._left_out += 1
            return
        # The parser's own mapping of no attributes is slow to ask.
        attributes = attributes or _NONE
        self._facts(tag, attributes)
        style = self._sheet.style(tag, attributes)
        if style != attributes.get("style", ""):
            attributes = {**attributes, "style": style}
        if self._unseen(tag, attributes):
            self._left_out = 1
            self._hides = tag not in _NO_WORDS and attributes.get("aria-hidden", "").lower() != "true"
            keeps = tag == "title" or attributes.get("type", "").strip().lower() == "application/ld+json"
            self._kept = [] if keeps or (tag == "style" and for_screens(attributes.get("media", ""))) else None
            return
        author = attributes.get("rel") == "author" or attributes.get("itemprop") == "author"
        self._close_before(tag)
        self._open.append(_Open(self._look, len(self._blocks), len(self._node.parts), author))
        self._look = self._look.within(tag, attributes)
        if tag in _BLOCKS and len(self._blocks) < MOST_NESTING:
            node = Node(tag, attributes)
            self._node.parts.append(node)
            self._blocks.append(node)
        elif tag in _BLOCKS:
            self._node.parts.append("\n\n")
        else:
            self._inline(tag, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        self.depth -= 1
        if self._left_out:
            self._left_out -= 1
            if not self._left_out and self._kept is not None:
                self._keep(tag, "".join(self._kept))
            return
        opened = self._open.pop()
        ends_block = len(self._blocks) > opened.blocks
        if opened.author:
            self.tree.authors.append(self._words_since(0 if ends_block else opened.start, 200))
        if ends_block:
            self._leave(opened.blocks)
        elif tag == "sup":
            words = self._words_since(opened.start, 10)
            if _RAISED.fullmatch(words.strip()):
                self._node.parts[opened.start :] = [words.translate(_RAISE)]
        elif tag == "a" and self._node.tag in _CONTROLS_IN and self._words_since(opened.start, 3).strip() in _ANCHORS:
            del self._node.parts[opened.start :]
        elif tag == "q":
            self._node.parts.append("”")
        elif tag in _BLOCKS:
            self._node.parts.append("\n\n")
        self._after = tag
        self._look = opened.look

    def data(self, text: str) -> None:
        """Text stands here."""
        if self._left_out:
            if self._kept is not None:
                self._kept.append(text)
            elif self._hides:
                self.tree.hidden.append(text)
            return
        if self._look.unseen:
            self.tree.hidden.append(text)
            return
        # A soft hyphen is where a word may be broken, and no letter of it.
        text = plain_characters(text).replace("\xad", "")
        if not self._look.preformatted:
            text = _SPACES.sub(" ", text)
        letters = len(text) - text.count(" ") - text.count("\n")
        if letters:
            node = self._node
            node.bold = self._look.bold if not node.letters else node.bold
            node.letters += letters
            node.linked += letters if self._look.linked else 0
            self._after = ""
        self._node.parts.append(text)

    def comment(self, text: str) -> None:
        """Comments are not shown."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Processing instructions are not shown."""

    def close(self) -> None:
        """Nothing is left to do at the end."""

    @property
    def _node(self) -> Node:
        return self._blocks[-1]

    def _close_before(self, tag: str) -> None:
        """End the paragraph, the item or the cell that was never closed and that this one follows."""
        if tag in _BLOCKS and self._node.tag == "p":
            self._leave(len(self._blocks) - 1)
        if self._node.tag in _FOLLOWS.get(tag, ()):
            self._leave(len(self._blocks) - 1)

    def _leave(self, blocks: int) -> None:
        """End all open blocks but so many."""
        while len(self._blocks) > blocks:
            node = self._blocks.pop()
            parent = self._blocks[-1]
            parent.bold = parent.bold or (node.bold and not parent.letters)
            parent.letters += node.letters
            parent.linked += node.linked
            parent.links += node.links

    def _unseen(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag == "button":
            # A heading may be one that opens what it stands over; beside its words a button does something else.
            return self._node.tag not in _CONTROLS_IN or self._node.letters > 0 or hidden(tag, attributes)
        if "class" in attributes and _DEBRIS.search(attributes["class"]):
            return True
        if tag in ("html", "body"):
            # A whole page is hidden only until a script has run.
            return False
        return tag in _NO_WORDS or hidden(tag, attributes) or (tag == "dialog" and "open" not in attributes)

    def _inline(self, tag: str, attributes: Mapping[str, str]) -> None:
        parts = self._node.parts
        if tag == "br":
            parts.append("\n")
        elif tag == "img":
            words = _SPACES.sub(" ", plain_characters(attributes.get("alt", ""))).strip()
            # In a figure the caption says it.
            if words and not self._look.invisible and self._node.tag != "figure" and not _PICTURE_FILE.fullmatch(words):
                parts.append(f" {words} ")
        elif tag == "q":
            parts.append("“")
        elif tag == "a":
            self._node.links += 1
            # Links side by side are kept apart by their looks.
            parts += [" "] if self._after == "a" else []
        elif tag == "code" and self._after == "code" and self._look.preformatted:
            parts.append("\n")

    def _words_since(self, start: int, most: int) -> str:
        """The words from a place on, where they are few and no blocks are among them; else nothing."""
        parts = self._node.parts[start : start + _FEW_PARTS + 1]
        if len(parts) > _FEW_PARTS or any(isinstance(part, Node) or len(part) > most for part in parts):
            return ""
        return "".join(part for part in parts if isinstance(part, str))

    def _keep(self, tag: str, text: str) -> None:
        if tag == "title":
            self.tree.title = self.tree.title or text
        elif tag == "style":
            self._sheet.read(text)
        else:
            self.tree.linked_data.append(text)
        self._kept = None

    def _facts(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not attributes:
            return
        tree = self.tree
        if tag in ("html", "body") and not tree.language:
            tree.language = attributes.get("lang") or attributes.get("xml:lang") or ""
        content = attributes.get("datetime") if tag == "time" else attributes.get("content")
        if tag == "time" and content:
            tree.times.append(content)
        names = [attributes.get(key, "") for key in ("name", "property", "itemprop", "http-equiv")]
        if content and any(names):
            tree.metas += [(key.strip().lower(), content) for key in names if key]
