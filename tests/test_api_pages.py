"""Over real sockets: the pages of a PDF as pictures with a quote marked, where a span stands on them, near copies."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.calling import ask_of, assert_problem, upload
from tests.pdf_files import drawn, page_of
from tests.scan_files import saved, scanned

FIRST = ["The harbour of Puerto Alto has 29 cranes.", "Most of them were built in the year 1987."]
SECOND = ["The lighthouse keeper of Puerto Alto is called Nicanor Bustamante.", "He lives alone on the mole."]
NOTE = " ".join(
    f"On day {number} of the strike {number * 3} lorries stood at gate {number % 4}." for number in range(20)
)


@pytest.fixture(scope="module")
def pdf(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """A PDF of two pages, uploaded."""
    job = upload(client, "alto.pdf", drawn(page_of((72, 100, FIRST)), page_of((72, 300, SECOND))))
    assert job["state"] == "done", job
    yield job
    client.delete(f"/documents/{job['document_id']}")


def pixels(client: httpx.Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "image/png"
    return np.asarray(Image.open(io.BytesIO(response.content)).convert("RGB")).astype(int)


def test_a_citation_names_the_page_and_is_marked_on_its_picture(client: httpx.Client, pdf: dict[str, Any]) -> None:
    found = ask_of(client, pdf, "Who is the lighthouse keeper of Puerto Alto?")
    citation = found["citations"][0]
    assert (citation["page"], "Bustamante" in citation["quote"]) == (2, True)
    path, span = f"/documents/{pdf['document_id']}", f"start={citation['start']}&end={citation['end']}"
    plain, marked = pixels(client, f"{path}/pages/2.png"), pixels(client, f"{path}/pages/2.png?{span}")
    changed = np.argwhere((plain != marked).any(axis=2))
    scale = plain.shape[0] / 842
    (box,) = client.get(f"{path}/places?{span}").json()["items"]
    assert box["page"] == 2
    wanted = (box["top"], box["left"], box["bottom"], box["right"])
    drawn_at = (*changed.min(axis=0), *(changed.max(axis=0) + 1))
    assert [one / scale for one in drawn_at] == pytest.approx(wanted, abs=3)
    assert 290 < box["top"] < box["bottom"] < 310
    assert (pixels(client, f"{path}/pages/1.png") == pixels(client, f"{path}/pages/1.png?{span}")).all()


def test_the_reading_page_of_a_pdf_shows_the_marked_page(client: httpx.Client, pdf: dict[str, Any]) -> None:
    path = f"/documents/{pdf['document_id']}"
    start = client.get(f"{path}/text").text.index("Nicanor")
    page = client.get(f"{path}/view", params={"start": start, "end": start + 7}).text
    assert f'<img src="{path}/pages/2.png?start={start}&amp;end={start + 7}"' in page
    assert client.get(path).json()["pictures"] is True
    assert client.get(path).json()["pages_read_by_ocr"] == []
    assert "<img" not in client.get(f"{path}/view").text


@pytest.mark.slow
def test_a_quote_from_a_scan_is_marked_on_the_scan(client: httpx.Client) -> None:
    job = upload(client, "alto.jpg", saved(scanned(page_of((72, 300, SECOND))).picture, "JPEG"))
    try:
        assert job["state"] == "done", job
        path = f"/documents/{job['document_id']}"
        assert client.get(path).json()["pages_read_by_ocr"] == [1]
        citation = ask_of(client, job, "Who is the lighthouse keeper of Puerto Alto?")["citations"][0]
        assert (citation["page"], "Bustamante" in citation["quote"]) == (1, True)
        span = f"start={citation['start']}&end={citation['end']}"
        plain, marked = pixels(client, f"{path}/pages/1.png"), pixels(client, f"{path}/pages/1.png?{span}")
        rows = np.argwhere((plain != marked).any(axis=2))[:, 0] * 842 / plain.shape[0]
        assert 285 < rows.min() < 293
        assert 300 < rows.max() < 312
    finally:
        client.delete(f"/documents/{job['document_id']}")


def test_what_has_no_page_says_so(client: httpx.Client, pdf: dict[str, Any], answer: dict[str, Any]) -> None:
    text = f"/documents/{answer['citations'][0]['document_id']}"
    assert client.get(text).json()["pictures"] is False
    assert client.get(f"{text}/places?start=0&end=9").json()["items"] == []
    assert "has no pages" in assert_problem(client.get(f"{text}/pages/1.png"), 404)["detail"]
    path = f"/documents/{pdf['document_id']}"
    assert_problem(client.get(f"{path}/pages/3.png"), 404)
    assert_problem(client.get(f"{path}/pages/0.png"), 422)
    assert_problem(client.get(f"{path}/pages/1.png?start=5&end=99999"), 422)
    assert_problem(client.get("/documents/nothing/pages/1.png"), 404)


def test_near_copies_are_told_with_a_document_and_a_citation(client: httpx.Client) -> None:
    first, second = (upload(client, name, text) for name, text in (("a.txt", NOTE), ("b.txt", f"Reprint. {NOTE}")))
    try:
        copies = client.get(f"/documents/{first['document_id']}").json()["copies"]
        assert copies == [{"id": second["document_id"], "title": "b", "source": "upload:b.txt"}]
        listed = {item["id"]: item["copies"] for item in client.get("/documents?limit=200").json()["items"]}
        assert listed[first["document_id"]] == copies
        assert [copy["id"] for copy in listed[second["document_id"]]] == [first["document_id"]]
        assert sum(map(len, listed.values())) == 2
        found = ask_of(client, first, "How many lorries stood at the gate on day 7 of the strike?")
        assert found["citations"][0]["copies"] == [second["document_id"]]
        assert client.get(f"/answers/{found['id']}").json()["citations"][0]["copies"] == [second["document_id"]]
    finally:
        for job in (first, second):
            client.delete(f"/documents/{job['document_id']}")
    assert client.get(f"/answers/{found['id']}").json()["citations"][0]["quote"] == ""
