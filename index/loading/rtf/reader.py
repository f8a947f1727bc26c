r"""Reads the tokens of an RTF file: keeps the state of each group, decodes text and hands it to who writes it.

Unknown control words are left out, and so are groups that are marked as such (`\*`): that is how the format grows.
"""

from __future__ import annotations

from collections.abc import Callable

from index.loading.finishing import Body
from index.loading.rtf.blocks import Blocks
from index.loading.rtf.state import Font, Head, State, Style, Target
from index.loading.rtf.tables import Definition
from index.loading.rtf.tokens import SYMBOL, Token, joined_surrogates, page_of, page_of_charset
from index.loading.style_names import is_typewriter
from index.loading.symbols import symbol

_MOST_DEPTH = 10_000
_TARGETS: dict[str, Target] = {
    "fonttbl": "fonts",
    "stylesheet": "styles",
    "info": "info",
    **dict.fromkeys(("listtext", "pntext"), "marker"),
    "footnote": "note",
    "upr": "alternatives",
    "nesttableprops": "nested row",
    **dict.fromkeys(
        (
            *("colortbl", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"),
            *("fldinst", "objdata", "nonshppict", "nonesttables", "annotation", "xe", "tc", "rxe", "bkmkstart", "pn"),
            *("shprslt", "filetbl", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "objclass", "sp", "private"),
            *("mmathPr", "revtbl", "do", "listtable", "listoverridetable", "themedata", "xmlopen", "template"),
        ),
        "nowhere",
    ),
}
# Groups that are marked as ones to leave out, and are text all the same.
_READ_ALL_THE_SAME = frozenset({"shpinst", "shptxt", "shp"})
_CHARACTERS = {
    **{"tab": "\t", "line": "\n", "lbr": "\n", "page": "\n", "column": "\n", "emdash": "—", "endash": "–"},
    **{"bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": "\u2003"},
    **{"enspace": "\u2002", "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e"},
    **{"rtlmark": "\u200f", "nestcell": "\t"},
}
_SIGNS = {"~": "\u00a0", "_": "\u2011", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
_FILE_PAGES = {"ansi": 1252, "mac": 10000, "pc": 437, "pca": 850}
_TEXT = frozenset({"text", "note"})


class Reader:
    """Reads a file token by token."""

    def __init__(self, utf8: bool) -> None:
        self._utf8 = utf8
        self._head = Head()
        self._blocks = Blocks()
        self._state = State()
        self._around: list[State] = []
        self._too_deep = 0
        self._starred = False
        self._skipping = 0
        self._bytes = b""
        self._bytes_hexed = False
        self._pieces: list[str] = []
        self._words = self._known_words()

    @property
    def head(self) -> Head:
        """What the head of the file says."""
        return self._head

    @property
    def title(self) -> str | None:
        """The first paragraph in the style of titles."""
        return self._blocks.title

    def body(self) -> Body:
        """What was read, when all tokens are."""
        self._flush()
        return self._blocks.body(self._state, self._style())

    def take(self, token: Token) -> None:
        """Read the next token."""
        if token.kind in ("bytes", "character"):
            self._take_bytes(token)
            return
        self._skipping = 0
        if token.kind == "word" and token.word == "u":
            self._unicode(token.number or 0)
            return
        self._flush()
        if token.kind == "open":
            self._open()
        elif token.kind == "close":
            self._close()
        elif token.kind == "sign":
            self._sign(token.word)
        else:
            self._word(token.word, token.number)

    def _take_bytes(self, token: Token) -> None:
        """Bytes of text; as many characters as stand in for one in Unicode are left out."""
        self._starred = False
        data = token.data[self._skipping :]
        self._skipping = max(0, self._skipping - len(token.data))
        if self._bytes and self._bytes_hexed != (token.kind == "character") and self._utf8:
            self._flush_bytes()
        self._bytes_hexed = token.kind == "character"
        self._bytes += data

    def _unicode(self, number: int) -> None:
        self._flush_bytes()
        code = number % 0x10000
        font = self._font()
        private = font.page == SYMBOL and 0xF000 <= code <= 0xF0FF
        self._pieces.append(symbol(font.name, f"{code:X}") if private else chr(code))
        self._skipping = self._state.skip

    def _flush_bytes(self) -> None:
        data, self._bytes = self._bytes, b""
        if not data:
            return
        font, target = self._font(), self._state.target
        if font.page == SYMBOL and target in _TEXT:
            self._pieces += [symbol(font.name, f"{0xF000 + byte:X}") for byte in data]
            return
        if font.page == SYMBOL and target == "marker":
            self._pieces.append("•")
            return
        page = "utf-8" if self._utf8 and not self._bytes_hexed else font.page or self._head.page
        self._pieces.append(data.decode(self._head.page if page == SYMBOL else page, "replace"))

    def _flush(self) -> None:
        self._flush_bytes()
        if not self._pieces:
            return
        text, self._pieces = joined_surrogates("".join(self._pieces)), []
        target = self._state.target
        if target in _TEXT and not self._state.hidden:
            self._blocks.say(text, self._state, is_typewriter(self._font().name))
        elif target == "marker":
            self._blocks.mark(text)
        elif target == "fonts":
            self._head.fonts.setdefault(self._state.entry, Font()).name += text.rstrip(";")
        elif target == "styles":
            self._head.styles.setdefault(self._state.entry, Style()).name += text.rstrip("; ")
        elif target in ("title", "author"):
            (self._head.title if target == "title" else self._head.author).append(text)

    def _font(self) -> Font:
        font = self._state.font if self._state.font is not None else self._head.default_font
        return self._head.fonts.get(font, Font()) if font is not None else Font()

    def _style(self) -> Style:
        return self._head.styles.get(self._state.style if self._state.style is not None else 0, Style())

    def _open(self) -> None:
        if len(self._around) >= _MOST_DEPTH:
            self._too_deep += 1
            return
        self._around.append(self._state)
        self._state = self._state.inner()
        if self._state.target == "alternatives":
            self._state.target = "alternative"

    def _close(self) -> None:
        if self._too_deep:
            self._too_deep -= 1
        elif self._around:
            inner, self._state = self._state, self._around.pop()
            if inner.target == "note" and self._state.target != "note":
                self._blocks.end_note()

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._starred = True
            return
        if sign in "\r\n":
            self._end_paragraph()
        elif sign in _SIGNS and self._state.target != "nowhere":
            self._pieces.append(_SIGNS[sign])

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        state = self._state
        if state.target in ("nowhere", "alternative", "nested row"):
            if word == "ud" and state.target == "alternative":
                state.target = state.around
            elif word == "nestrow":
                self._blocks.say("\n", state, mono=False)
        elif word in ("title", "author"):
            if state.target == "info":
                state.target = "title" if word == "title" else "author"
        elif word in _TARGETS:
            self._aim(_TARGETS[word])
        elif starred:
            state.target = state.target if word in _READ_ALL_THE_SAME else "nowhere"
        elif word in _CHARACTERS:
            self._pieces.append(_CHARACTERS[word])
        elif word in self._words:
            self._words[word](number)
        elif word.startswith("cl"):
            self._blocks.definition.waiting.add(word)

    def _aim(self, target: Target) -> None:
        if target == "alternatives":
            self._state.around = self._state.target
        elif target == "note":
            self._blocks.begin_note()
        self._state.target = target

    def _end_paragraph(self) -> None:
        if self._state.target in _TEXT:
            self._blocks.end_paragraph(self._state, self._style())

    def _known_words(self) -> dict[str, Callable[[int | None], None]]:
        """What each control word does, given its number."""
        return {
            **dict.fromkeys(("par", "sect"), lambda _: self._end_paragraph()),
            "cell": lambda _: self._in_text(self._blocks.end_cell),
            "row": lambda _: self._in_text(self._blocks.end_row),
            "trowd": self._define_row,
            "trleft": lambda number: setattr(self._blocks.definition, "left", number or 0),
            "trhdr": lambda _: setattr(self._blocks.definition, "header", True),
            "cellx": lambda number: self._blocks.definition.cell(number or 0),
            "pard": lambda _: self._state.paragraph(),
            "plain": lambda _: self._state.plain(self._head.default_font),
            "intbl": lambda _: setattr(self._state, "in_table", True),
            "outlinelevel": self._outline,
            "s": self._named_style,
            "f": self._named_font,
            "ilvl": lambda number: setattr(self._state, "level", min(max(number or 0, 0), 9)),
            "b": lambda number: setattr(self._state, "bold", number != 0),
            **dict.fromkeys(("v", "deleted"), lambda number: setattr(self._state, "hidden", number != 0)),
            "super": lambda number: setattr(self._state, "raised", number != 0),
            "nosupersub": lambda _: setattr(self._state, "raised", False),
            "uc": lambda number: setattr(self._state, "skip", min(max(number or 0, 0), 8)),
            "deff": lambda number: setattr(self._head, "default_font", number),
            "ansicpg": self._file_page,
            **{word: self._file_page_of(page) for word, page in _FILE_PAGES.items()},
            "fcharset": lambda number: self._font_page(page_of_charset(number or 0)),
            "cpg": lambda number: self._font_page(page_of(number or 0)),
        }

    def _in_text(self, end: Callable[[], None]) -> None:
        if self._state.target == "text":
            end()

    def _define_row(self, _: int | None) -> None:
        self._blocks.definition = Definition()

    def _outline(self, number: int | None) -> None:
        if self._state.target == "styles":
            self._head.styles.setdefault(self._state.entry, Style()).outline = number
        else:
            self._state.outline = number

    def _named_style(self, number: int | None) -> None:
        self._state.style = number
        if self._state.target == "styles":
            self._state.entry = number or 0

    def _named_font(self, number: int | None) -> None:
        self._state.font = number
        if self._state.target == "fonts":
            self._state.entry = number or 0

    def _font_page(self, page: str | None) -> None:
        if self._state.target == "fonts":
            self._head.fonts.setdefault(self._state.entry, Font()).page = page

    def _file_page(self, number: int | None) -> None:
        page = page_of(number or 0)
        if page is not None and page != SYMBOL:
            self._head.page = page

    def _file_page_of(self, page: int) -> Callable[[int | None], None]:
        return lambda _: self._file_page(page)
