"""Loading presentations: slides as pages, lists, tables, charts, groups, notes, reading order, and broken files."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.util import Inches

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load
from tests.test_loading import assert_canonical

TITLE_SLIDE, CONTENT, TITLE_ONLY, BLANK = 0, 1, 5, 6
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def saved(made: Any) -> bytes:
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def slide(layout: int, change: Callable[[Any], object], title: str = "") -> Loaded:
    """What is read of a presentation of one slide."""
    made = Presentation()
    added = made.slides.add_slide(made.slide_layouts[layout])
    if title:
        added.shapes.title.text = title
    change(added)
    loaded = load("talk.pptx", saved(made))
    assert_canonical(loaded)
    return loaded


def box(shapes: Any, text: str, left: float, top: float, width: float = 2, height: float = 0.5) -> Any:
    added = shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    added.text_frame.text = text
    return added


def add_list(added: Any) -> None:
    frame = added.placeholders[1].text_frame
    frame.text = "The harbour"
    for text, level in (("was searched", 1), ("at night", 2), ("and by day", 1), ("The quay", 0), ("Line\vbreak", 0)):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level


def test_each_slide_is_a_page_under_its_title() -> None:
    made = Presentation()
    for layout, title in (
        (TITLE_SLIDE, "Ports\vin 2022"),
        (CONTENT, "What was seen"),
        (CONTENT, "Hidden"),
        (BLANK, ""),
    ):
        added = made.slides.add_slide(made.slide_layouts[layout])
        if title:
            added.shapes.title.text = title
        if title == "Hidden":
            added._element.set("show", "0")
    made.slides[0].placeholders[1].text = "A report by A. Writer"
    made.slides[1].placeholders[1].text = "Nothing"
    box(made.slides[3].shapes, "No title here", 1, 1)
    loaded = load("talk.pptx", saved(made))
    assert_canonical(loaded)
    assert loaded.text == "Ports in 2022\n\nA report by A. Writer\n\nWhat was seen\n\n- Nothing\n\nNo title here"
    sections = [(section.heading, section.page, section.start) for section in loaded.sections]
    assert sections == [
        ("Ports in 2022", 1, 0),
        ("What was seen", 2, loaded.text.index("What")),
        ("", 4, loaded.text.index("No title")),
    ]
    assert loaded.title == "Ports in 2022"


def test_details_are_those_of_the_file_and_not_of_the_program() -> None:
    made = Presentation()
    box(made.slides.add_slide(made.slide_layouts[BLANK]).shapes, "text", 1, 1)
    properties = made.core_properties
    properties.title, properties.author = "PowerPoint Presentation", "python-pptx"
    assert load("talk.pptx", saved(made)).details.author is None
    assert load("talk.pptx", saved(made)).title == "talk"
    properties.title, properties.author, properties.language = "Ports", "A. Writer", "es-EC"
    loaded = load("talk.pptx", saved(made))
    assert (loaded.title, loaded.details.author, loaded.details.language) == ("Ports", "A. Writer", "es")
    assert loaded.details.published is None


def test_lists_keep_their_levels() -> None:
    assert slide(CONTENT, add_list, "Seen").text == (
        "Seen\n\n- The harbour\n  - was searched\n    - at night\n  - and by day\n- The quay\n- Line\n  break"
    )


def test_numbers_and_missing_bullets_are_those_of_the_paragraph() -> None:
    def change(added: Any) -> None:
        add_list(added)
        paragraphs = added.placeholders[1].text_frame.paragraphs
        for paragraph, tag in zip(paragraphs[:4], ("buNone", "buNone", "buNone", "buNone"), strict=True):
            paragraph._p.get_or_add_pPr().append(parse_xml(f'<a:{tag} xmlns:a="{DRAWING}"/>'))
        for paragraph in paragraphs[4:]:
            number = f'<a:buAutoNum xmlns:a="{DRAWING}" type="arabicPeriod" startAt="3"/>'
            paragraph._p.get_or_add_pPr().append(parse_xml(number))

    assert slide(CONTENT, change).text == (
        "The harbour\n\nwas searched\n\nat night\n\nand by day\n\n3. The quay\n4. Line\n  break"
    )


def test_boxes_are_read_by_columns_and_rows() -> None:
    def change(added: Any) -> None:
        box(added.shapes, "below both", 1, 6, 7)
        for left, name in ((5.5, "right"), (1, "left")):
            box(added.shapes, f"{name} body", left, 3)
            box(added.shapes, f"{name} head", left, 2.4)

    assert slide(TITLE_ONLY, change, "Two columns").text.split("\n\n") == [
        "Two columns", "left head", "left body", "right head", "right body", "below both",
    ]  # fmt: skip

    def rows(added: Any) -> None:
        for top in (3, 1):
            box(added.shapes, f"value {top}", 2.1, top)
            box(added.shapes, f"label {top}", 1, top, 1)

    assert slide(BLANK, rows).text.split("\n\n") == ["label 1", "value 1", "label 3", "value 3"]


def test_groups_keep_together() -> None:
    def change(added: Any) -> None:
        group = added.shapes.add_group_shape()
        box(group.shapes, "in the group, below", 1, 5)
        inner = group.shapes.add_group_shape()
        box(inner.shapes, "in the inner group", 1, 1)
        box(added.shapes, "beside", 6, 3)

    assert slide(BLANK, change).text.split("\n\n") == ["in the inner group", "in the group, below", "beside"]

    def deep(added: Any) -> None:
        shapes = added.shapes
        for _ in range(25):
            shapes = shapes.add_group_shape().shapes
        box(shapes, "deep", 1, 1)

    with pytest.raises(UnreadableFile, match="grouped more than 20 deep"):
        slide(BLANK, deep)


def test_tables_become_a_line_a_row_with_headers() -> None:
    def change(added: Any) -> None:
        table = added.shapes.add_table(4, 3, Inches(1), Inches(1), Inches(6), Inches(2)).table
        cells = ("Year", "Dead", "", "2021", "1", "2", "2022", "3", "4", "", "5", "6")
        for place, text in enumerate(cells):
            table.cell(place // 3, place % 3).text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(2, 0).merge(table.cell(3, 0))

    assert slide(BLANK, change).text == (
        "Year: 2021; Dead: 1; Dead: 2\nYear: 2022; Dead: 3; Dead: 4\nYear: 2022; Dead: 5; Dead: 6"
    )

    def without(added: Any) -> None:
        table = added.shapes.add_table(1, 2, Inches(1), Inches(1), Inches(6), Inches(2)).table
        table.first_row = False
        table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"

    assert slide(BLANK, without).text == "a; b"


def test_charts_give_their_title_and_values() -> None:
    def change(added: Any) -> None:
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = ["Peru", "Chile"]
        data.add_series("2021", (4.4, 2))
        data.add_series("2022", (0.1 + 0.2, None))
        place = (Inches(1), Inches(1), Inches(5), Inches(3))
        chart = added.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "Dead by country"

    assert slide(BLANK, change).text == "Dead by country\nPeru; 2021: 4.4; 2022: 0.3\nChile; 2021: 2"


def test_diagrams_give_their_words() -> None:
    data = (
        f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{DRAWING}"><dgm:ptLst>'
        "<dgm:pt><dgm:t><a:p><a:r><a:t>Sei</a:t></a:r><a:r><a:t>zed</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "<dgm:pt><dgm:t><a:p/></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>Burnt</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "</dgm:ptLst></dgm:dataModel>"
    )

    def change(added: Any) -> None:
        part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", added.part.package, data.encode())
        relation = added.part.relate_to(part, RELATIONSHIP_TYPE.DIAGRAM_DATA)
        frame = added.shapes.add_table(1, 1, 0, 0, Inches(1), Inches(1))._element
        graphic = frame.find(f".//{{{DRAWING}}}graphicData")
        graphic.set("uri", DIAGRAM)
        graphic[:] = [
            parse_xml(
                f'<dgm:relIds xmlns:dgm="{DIAGRAM}" r:dm="{relation}" '
                'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
            )
        ]

    assert slide(BLANK, change).text == "Seized\nBurnt"


def test_notes_are_marked_and_furniture_is_left_out() -> None:
    def change(added: Any) -> None:
        added.notes_slide.notes_text_frame.text = "Say this.\nThen that."
        for name in ("ftr", "sldNum", "dt"):
            shape = box(added.shapes, "furniture", 1, 5)._element
            shape.nvSpPr.nvPr.append(
                parse_xml(f'<p:ph type="{name}" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>')
            )

    assert slide(TITLE_ONLY, change, "Talk").text == "Talk\n\nNotes: Say this.\nThen that."


@pytest.mark.parametrize(
    ("data", "problem", "says"),
    [
        (b"", UnreadableFile, "empty"),
        (saved(Presentation())[:9_000], UnreadableFile, "broken or cut short"),
        (b"Slide 1", UnsupportedFile, "not what its ending says"),
        (saved(Presentation()), UnreadableFile, "holds no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), UnreadableFile, "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnsupportedFile, "old office document"),
    ],
)
def test_what_is_no_good_presentation_is_said(data: bytes, problem: type[Exception], says: str) -> None:
    with pytest.raises(problem, match=says) as caught:
        load("talk.pptx", data)
    assert str(caught.value).startswith("talk.pptx")


def test_many_shapes_on_a_slide_end_quickly() -> None:
    def change(added: Any) -> None:
        for place in range(300):
            box(added.shapes, f"box {place}", place % 17 / 2, place // 17 / 3, 0.4, 0.3)

    started = time.process_time()
    assert len(slide(BLANK, change).text.split("\n\n")) == 300
    assert time.process_time() - started < 10
