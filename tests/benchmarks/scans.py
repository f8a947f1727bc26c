"""Scans: how many words of pages OCR reads, and in order, and how long a page takes; on pages that we draw ourselves.

OCR runs on one thread, so that its CPU seconds are seconds where a core is free. The texts are those of `seeds/`, set
in 10 points, so that every word is known. Real scans have stains, stamps and old type: the last row, skewed, noisy and
packed hard, is the nearest to them.
"""

from __future__ import annotations

import io
import random
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops
from reportlab.lib.utils import simpleSplit

from index.loading import load
from tests.benchmarks.figures import Figures, middle
from tests.benchmarks.loading import matches, words
from tests.conftest import SEEDS
from tests.pdf_files import page_of
from tests.scan_files import saved, scanned

FILES = ("situation-report-2022-09.md", "prison-deaths-full-year-2021.md", "informe-manabi.md")
LINES, WIDE, NARROW = 55, 475, 225


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of scan: dots an inch, columns, and what becomes of its picture."""

    name: str
    dots: int
    columns: int = 1
    worn: Callable[[Image.Image], bytes] = saved


def measure(quick: bool = False) -> Figures:
    """Read pages of each kind; `quick` reads one."""
    texts = [_words_of(name) for name in FILES[: 1 if quick else None]]
    load("warm.png", saved(scanned(page_of((60, 80, ["The models are loaded before anything is timed."]))).picture))
    kinds = (
        Kind("150 dots an inch", 150),
        Kind("300 dots an inch", 300),
        Kind("200, two columns", 200, columns=2),
        Kind("200, skewed by 0.7°, noise, JPEG at 35", 200, worn=worn),
    )
    return Figures(
        "ocr",
        f"OCR on one thread, {len(texts)} pages of each kind (peak memory: {_peak_mb():.0f} MB after loading)",
        ("scan", "pages", "words", "found", "in order", "precision", "CPU seconds a page"),
        tuple(_row(kind, texts) for kind in kinds),
    )


def _words_of(name: str) -> list[str]:
    return load(name, (SEEDS / name).read_bytes()).text.split()


def _row(kind: Kind, texts: list[list[str]]) -> tuple[str | float | None, ...]:
    expected, found, in_order, read = 0, 0, 0, 0
    seconds = []
    for text in texts:
        width = WIDE if kind.columns == 1 else NARROW
        lines = simpleSplit(" ".join(text), "Helvetica", 10, width)[: LINES * kind.columns]
        parts = [(60 + n * 250, 80, lines[n * LINES : (n + 1) * LINES]) for n in range(kind.columns)]
        data = kind.worn(scanned(page_of(*parts), kind.dots).picture)
        begun = time.process_time()
        text_read = words(load("scan.jpg", data).text)
        seconds.append(time.process_time() - begun)
        wanted = words(" ".join(lines))
        both = matches(wanted, text_read)
        expected, found, in_order = expected + len(wanted), found + both[0], in_order + both[1]
        read += len(text_read)
    return kind.name, len(texts), expected, found / expected, in_order / expected, in_order / read, middle(seconds)


def worn(picture: Image.Image) -> bytes:
    """A picture as a poor copy of it: askew, grey, grained and packed hard; the same each time."""
    askew = picture.convert("L").rotate(0.7, fillcolor=255, resample=Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", (256, 256), random.Random(7).randbytes(256 * 256))
    tiled = Image.new("L", askew.size)
    for x in range(0, askew.width, 256):
        for y in range(0, askew.height, 256):
            tiled.paste(grain, (x, y))
    noisy = ImageChops.subtract(askew, tiled, scale=1).convert("L")
    written = io.BytesIO()
    Image.blend(askew, noisy, 0.25).save(written, "JPEG", quality=35)
    return written.getvalue()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
