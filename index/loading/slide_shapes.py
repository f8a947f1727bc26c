"""What the shapes of a slide say: paragraphs with their list levels, tables, charts and diagrams, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.loading.canonical import one_line
from index.loading.writer import table_lines

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = {"a": _DRAWING, "p": _SLIDES, "dgm": _DIAGRAM}

_FURNITURE = frozenset({"DATE", "FOOTER", "HEADER", "SLIDE_NUMBER", "SLIDE_IMAGE"})
_TITLES = frozenset({"TITLE", "CENTER_TITLE", "VERTICAL_TITLE"})
_MOST_POINTS = 1_000
_FLOAT = re.compile(r"-?\d+\.\d{12,}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; where it is `listed`, with its level from 0 and the number of the first item, None for bullets."""

    text: str
    level: int = 0
    listed: bool = False
    number: int | None = None
    # Begins a new list at its level: numbers after bullets, or the other way round.
    restarts: bool = False


def is_furniture(shape: Any) -> bool:
    """True for what stands on every slide: date, footer, slide number."""
    return bool(shape.is_placeholder) and shape.placeholder_format.type.name in _FURNITURE


def lines_of(frame: Any) -> str:
    """The text of a text frame, a paragraph a line."""
    return "\n".join(paragraph.text for paragraph in frame.paragraphs)


def paragraphs_of(shape: Any) -> Iterator[Paragraph]:
    """The paragraphs of a text box that hold words."""
    styles = list(_list_styles(shape))
    kinds: dict[int, bool] = {}
    for paragraph in shape.text_frame.paragraphs:
        text = paragraph.text
        if not text.strip():
            continue
        level = int(paragraph.level)
        bullet = _bullet([paragraph._p.find("a:pPr", _NAMES), *(_of_level(style, level) for style in styles)])
        if bullet is None:
            kinds.clear()
            yield Paragraph(text)
            continue
        numbered = bullet.tag == f"{{{_DRAWING}}}buAutoNum"
        restarts = kinds.get(level, numbered) is not numbered
        kinds = {**{other: kind for other, kind in kinds.items() if other < level}, level: numbered}
        yield Paragraph(text, level, True, int(bullet.get("startAt", "1")) if numbered else None, restarts)


def _list_styles(shape: Any) -> Iterator[Any]:
    """The list styles that hold for a text box, the nearest first: its own, its layout's, its master's."""
    yield shape.text_frame._txBody.find("a:lstStyle", _NAMES)
    if not shape.is_placeholder:
        return
    inherited = shape
    for _ in range(3):
        inherited = getattr(inherited, "_base_placeholder", None)
        if inherited is None:
            break
        if inherited.has_text_frame:
            yield inherited.text_frame._txBody.find("a:lstStyle", _NAMES)
    kind = shape.placeholder_format.type.name
    styles = shape.part.slide_layout.slide_master._element.find("p:txStyles", _NAMES)
    if styles is not None:
        yield styles.find("p:titleStyle" if kind in _TITLES else "p:bodyStyle", _NAMES)


def _of_level(style: Any, level: int) -> Any:
    return None if style is None else style.find(f"a:lvl{level + 1}pPr", _NAMES)


def _bullet(properties: list[Any]) -> Any:
    """The bullet or numbering that the nearest properties with a word on it give; None for no bullet."""
    for one in properties:
        for child in () if one is None else one:
            name = str(child.tag).rpartition("}")[2]
            if name == "buNone":
                return None
            if name in ("buChar", "buAutoNum", "buBlip"):
                return child
    return None


def table_rows(table: Any) -> list[list[str]]:
    """The rows of a table, the first one with its headers, or empty where it has none; merged cells repeated.

    A merged cell stands in each row that it covers, and over each column that it heads.
    """
    rows: list[list[str]] = []
    for place, row in enumerate(table.rows):
        cells: list[str] = []
        for cell in row.cells:
            text = lines_of(cell.text_frame)
            if cell._tc.vMerge and rows and len(cells) < len(rows[-1]):
                text = rows[-1][len(cells)]
            elif cell._tc.hMerge and place == 0 and cells:
                text = cells[-1]
            cells.append(text)
        rows.append(cells)
    return rows if table.first_row else [[""], *rows]


def chart_rows(chart: Any) -> list[str]:
    """The title of a chart and its values, a line a category: `Category; Series 1: 4.3; Series 2: 2.4`."""
    title = one_line(lines_of(chart.chart_title.text_frame)) if _has_title(chart) else ""
    lines = [title] if title else []
    for plot in chart.plots:
        series = list(plot.series)
        columns = [[_number(value) for value in one.values] for one in series]
        categories = [str(category) for category in plot.categories]
        count = min(max(map(len, columns), default=0), _MOST_POINTS)
        rows = [
            [_at(categories, place), *(_at(column, place) for column in columns)]
            for place in range(max(count, min(len(categories), _MOST_POINTS)))
        ]
        lines += table_lines([["", *(one.name for one in series)], *rows]) if rows else []
    return lines


def _has_title(chart: Any) -> bool:
    return bool(chart.has_title and chart.chart_title.has_text_frame)


def _at(column: list[str], place: int) -> str:
    return column[place] if place < len(column) else ""


def _number(value: float | None) -> str:
    # Values are stored to the last bit: 4.4000000000000004 is drawn as 4.4.
    return "" if value is None else f"{value:.12g}"


def diagram_lines(shape: Any) -> list[str]:
    """The texts of a diagram (SmartArt), in the order of its data; nothing for a shape without words."""
    from lxml import etree

    relation = next(shape._element.iter(f"{{{_DIAGRAM}}}relIds"), None)
    if relation is None:
        return []
    data = shape.part.related_part(relation.get(f"{{{_RELATION}}}dm")).blob
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    points = (point.iter(f"{{{_DRAWING}}}p") for point in root.iterfind(".//dgm:pt/dgm:t", _NAMES))
    texts = (one_line(" ".join("".join(line.itertext(f"{{{_DRAWING}}}t")) for line in lines)) for lines in points)
    return [text for text in texts if text]
