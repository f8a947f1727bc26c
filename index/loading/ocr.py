"""The fence around the OCR library (rapidocr): from a picture to its lines of text, with the boxes of their letters.

An optional extra. Its models come in its package and are named by file, so that nothing is ever fetched. Everything
runs on one thread: files are read in as many processes as there are cores.
"""

from __future__ import annotations

import functools
import importlib.util
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelUnavailable
from index.loading.canonical import one_line

if TYPE_CHECKING:
    from PIL.Image import Image

# Part of what makes a version of a document that OCR may have read: raise it with what changes a text.
OCR_VERSION = "ocr-1"
HOW_TO_INSTALL = (
    "install the extra that reads pictures (`make install OCR=1`, or `pip install 'dossier-assistant[ocr]'`) and "
    "ingest again"
)

Box = tuple[float, float, float, float]

# In pixels: pictures are read at most so large, which is 170 dots an inch of a page of A4.
LONGEST_SIDE = 2000
# A line that was read with less confidence than this is a pattern or a stain as often as it is text.
LEAST_CONFIDENCE = 0.6
# How many times as high as wide a line of text is at least that runs up or down.
_UPRIGHT = 1.5
# A page that stands on its head is read as lines of this confidence at most.
_DOUBTFUL = 0.8
# How far what is found as a line reaches beyond its letters, in heights of it.
_MARGIN = 0.15
_NEEDED = ("rapidocr", "cv2", "onnxruntime")
_NO_MEMORY = ("alloc", "memory")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of text in a picture; `boxes` has one box (left, top, right, bottom; in pixels) a character."""

    text: str
    box: Box
    boxes: tuple[Box, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """The lines of a picture after it was turned clockwise by `turn` degrees, of which they are read upright."""

    turn: int
    width: int
    height: int
    lines: tuple[ReadLine, ...]


@functools.cache
def is_installed() -> bool:
    """True where pictures can be read."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)


def read_picture(picture: Image) -> ReadPicture:
    """Read a picture as it stands, or turned where its lines run up, down or on their heads.

    Raises `ModelUnavailable` where the extra is not installed, and `MemoryError`.
    """
    if not is_installed():
        raise ModelUnavailable(f"pictures cannot be read: {HOW_TO_INSTALL}")
    small = _scaled(picture)
    found = _read(small, 0)
    if found.lines and _runs_upright(found.lines):
        # Each of its lines is turned by the library, but not their order.
        found = _better(_read(small, 90), _read(small, 270))
    elif found.lines and _mean_confidence(found.lines) < _DOUBTFUL:
        found = _better(found, _read(small, 180))
    factor = picture.width / small.width
    kept = (line for line in found.lines if line.confidence >= LEAST_CONFIDENCE and _says_something(line.text))
    return ReadPicture(
        found.turn,
        round(found.width * factor),
        round(found.height * factor),
        tuple(_enlarged(line, factor) for line in kept),
    )


def _scaled(picture: Image) -> Image:
    longest = max(picture.size)
    if longest <= LONGEST_SIDE:
        return picture
    factor = LONGEST_SIDE / longest
    return picture.resize((max(1, round(picture.width * factor)), max(1, round(picture.height * factor))))


def _runs_upright(lines: Sequence[ReadLine]) -> bool:
    """True where most lines run up or down."""
    return sum(line.box[3] - line.box[1] > _UPRIGHT * (line.box[2] - line.box[0]) for line in lines) * 2 > len(lines)


def _mean_confidence(lines: Sequence[ReadLine]) -> float:
    """That of a letter."""
    return sum(len(line.text) * line.confidence for line in lines) / max(1, sum(len(line.text) for line in lines))


def _better(one: ReadPicture, other: ReadPicture) -> ReadPicture:
    """The one of which more was read, and surer."""
    return max(one, other, key=lambda read: sum(len(line.text) * line.confidence for line in read.lines))


def _says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _enlarged(line: ReadLine, factor: float) -> ReadLine:
    boxes = (tuple(value * factor for value in box) for box in (line.box, *line.boxes))
    box, *others = boxes
    return ReadLine(line.text, box, tuple(others), line.confidence)  # type: ignore[arg-type]


def _read(picture: Image, turn: int) -> ReadPicture:
    import numpy as np

    # Pillow turns against the clock.
    turned = picture.rotate(-turn, expand=True) if turn else picture
    pixels = np.asarray(turned.convert("RGB"))[..., ::-1]
    return ReadPicture(turn, turned.width, turned.height, tuple(_lines(_run(np.ascontiguousarray(pixels)))))


def _run(pixels: Any) -> Any:
    """What the library makes of rows of pixels (blue, green, red)."""
    import cv2
    from onnxruntime.capi import onnxruntime_pybind11_state as states  # type: ignore[import-untyped]
    from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError

    try:
        return _engine()(pixels)
    except (ONNXRuntimeError, states.Fail, states.RuntimeException, cv2.error) as error:
        # All of them report a lack of memory as an error of their own, told apart by its words alone.
        if any(word in str(error).lower() for word in _NO_MEMORY):
            raise MemoryError from error
        raise


@functools.cache
def _engine() -> Any:
    import cv2
    import rapidocr

    cv2.setNumThreads(1)
    models = Path(str(rapidocr.__file__)).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": LONGEST_SIDE,
            "Global.text_score": 0.0,
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "Global.return_single_char_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            # Line by line: six at once take no less time, and half as much memory again.
            "Rec.rec_batch_num": 1,
        }
    )


def _lines(result: Any) -> Iterator[ReadLine]:
    """The library's result as plain values; None in it means that nothing was found."""
    if result.txts is None or result.boxes is None:
        return
    letters = result.word_results or ()
    aligned = len(letters) == len(result.txts)
    for n, (text, quad, confidence) in enumerate(zip(result.txts, result.boxes, result.scores, strict=True)):
        words = one_line(text)
        box = _around(quad)
        found = _placed(words, letters[n], box) if aligned else None
        yield ReadLine(words, box, tuple(found or _spread(words, box)), float(confidence))


def _placed(text: str, letters: Sequence[Any], line: Box) -> list[Box] | None:
    """The box of each character, a space between its neighbours; None where the library gives other characters."""
    places = [(sign, _around(quad)) for content, _, quad in letters for sign in content if not sign.isspace()]
    if not places or [sign for sign, _ in places] != [sign for sign in text if not sign.isspace()]:
        return None
    waiting = iter(box for _, box in places)
    boxes = [None if sign.isspace() else next(waiting) for sign in text]
    return [_space(boxes, n, line) if box is None else _to_edges(boxes, n, box, line) for n, box in enumerate(boxes)]


# The library gives all letters of a line one width: at the ends of a word, so much of the gap may belong to a wide one.
_OF_GAP = 0.4


def _to_edges(boxes: Sequence[Box | None], n: int, box: Box, line: Box) -> Box:
    """The box of a letter, made wider where it begins or ends a word."""
    left, top, right, bottom = box
    if line[3] - line[1] > line[2] - line[0]:
        return box
    if n == 0:
        left = min(left, line[0] + _MARGIN * (line[3] - line[1]))
    elif boxes[n - 1] is None:
        left -= _OF_GAP * max(0.0, left - _before(boxes, n, line))
    if n + 1 == len(boxes):
        right = max(right, line[2] - _MARGIN * (line[3] - line[1]))
    elif boxes[n + 1] is None:
        right += _OF_GAP * max(0.0, _after(boxes, n, line) - right)
    return left, top, right, bottom


def _space(boxes: Sequence[Box | None], n: int, line: Box) -> Box:
    """The box between the words before and after a space."""
    left, right = _before(boxes, n, line), _after(boxes, n, line)
    return min(left, right), line[1], max(left, right), line[3]


def _before(boxes: Sequence[Box | None], n: int, line: Box) -> float:
    return next((box[2] for box in boxes[:n][::-1] if box is not None), line[0])


def _after(boxes: Sequence[Box | None], n: int, line: Box) -> float:
    return next((box[0] for box in boxes[n + 1 :] if box is not None), line[2])


def _spread(text: str, box: Box) -> list[Box]:
    """Characters of one width along a line."""
    left, top, right, bottom = box
    step = (right - left) / max(1, len(text))
    return [(left + n * step, top, left + (n + 1) * step, bottom) for n in range(len(text))]


def _around(quad: Any) -> Box:
    """The upright box around four corners."""
    xs, ys = [float(point[0]) for point in quad], [float(point[1]) for point in quad]
    box = min(xs), min(ys), max(xs), max(ys)
    return box if all(map(math.isfinite, box)) else (0.0, 0.0, 0.0, 0.0)
