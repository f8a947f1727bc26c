"""What charts and diagrams in a DOCX file say: their titles, values and labels as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from index.loading.canonical import one_line
from index.loading.docx.styles import whole
from index.loading.writer import table_lines

_MOST_POINTS = 1_000
# Values are stored to the last bit: 4.4000000000000004 is drawn as 4.4.
_FLOAT = re.compile(r"-?\d{1,15}\.\d{13,20}")


def chart_lines(chart: Element) -> list[str]:
    """The title of a chart and its values, a line a category: `Category; Series 1: 4.3; Series 2: 2.4`."""
    lines = [title for found in chart.iter("c:title") if (title := _words(found))]
    series = list(chart.iter("c:ser"))
    names = [_first(one.find("c:tx")) for one in series]
    columns = [_points(one.find("c:val") if one.find("c:val") is not None else one.find("c:yVal")) for one in series]
    categories: dict[int, str] = {}
    for one in series:
        for name in ("c:cat", "c:xVal"):
            categories = {**_points(one.find(name)), **categories}
    places = sorted({*categories, *(place for column in columns for place in column)})[:_MOST_POINTS]
    rows = [[categories.get(place, ""), *(column.get(place, "") for column in columns)] for place in places]
    return lines + (table_lines([["", *names], *rows]) if rows else [])


def diagram_lines(data: Element) -> list[str]:
    """The texts of a diagram (SmartArt), in the order of its data."""
    texts = (_words(text) for point in data.iter("dgm:pt") for text in point.findall("dgm:t"))
    return [text for text in texts if text]


def _words(element: Element) -> str:
    paragraphs = ("".join(text.text or "" for text in paragraph.iter("a:t")) for paragraph in element.iter("a:p"))
    return one_line(" ".join(paragraphs))


def _first(element: Element | None) -> str:
    return next((one_line(value.text or "") for value in element.iter("c:v")), "") if element is not None else ""


def _points(element: Element | None) -> dict[int, str]:
    return dict(_numbered(element)) if element is not None else {}


def _numbered(element: Element) -> Iterator[tuple[int, str]]:
    for point in element.iter("c:pt"):
        place, value = whole(point.get("idx")), point.find("c:v")
        if place is not None and value is not None:
            yield place, _FLOAT.sub(lambda match: f"{float(match[0]):.15g}", one_line(value.text or ""))
