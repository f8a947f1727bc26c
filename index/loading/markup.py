"""The text of HTML that stands inside Markdown: tags stripped, the content of scripts and styles dropped.

Not a loader of HTML pages: it knows no main content and builds no sections.
"""

from __future__ import annotations

from html.parser import HTMLParser

from index.loading.canonical import canonical

HIDDEN = frozenset({"script", "style", "template"})
_LINES = frozenset(
    """
    address article aside blockquote br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section summary table tbody thead tr ul
    """.split()  # noqa: SIM905
)
_CELLS = frozenset({"td", "th"})


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in HIDDEN:
            self._hidden += 1
        elif tag in _CELLS and self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("; ")
        elif tag in _LINES:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _LINES:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if self._hidden or not words:
            return
        # White space in HTML is one space; between blocks it is layout.
        before = " " if data[0].isspace() and self.parts and not self.parts[-1].endswith(("\n", " ")) else ""
        self.parts.append(before + words + (" " if data[-1].isspace() else ""))


def text_of_html(html: str) -> str:
    """The canonical text of a fragment of HTML: blocks and list items as lines, cells of a row parted by semicolons."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (line.strip().removesuffix(";").strip() for line in "".join(parser.parts).split("\n"))
    return canonical("\n".join(line for line in lines if line and line != "-"))
