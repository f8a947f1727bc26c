"""PDF files for tests, drawn with reportlab: what stands where on a page is said by the test."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595, 842
Draw = Callable[[Canvas], None]

SENTENCE = (
    "the harbour was searched at night and nothing was found in any of the containers on the quay while three men "
    "were questioned by the port police and let go before the morning shift had begun its work on the northern pier"
)


def drawn(*pages: Draw, **options: object) -> bytes:
    """A PDF with one page for each function, which draws it."""
    written = io.BytesIO()
    password = options.pop("password", None)
    encrypt = StandardEncryption(str(password), canPrint=0) if password else None
    canvas = Canvas(written, pagesize=(WIDTH, HEIGHT), pageCompression=0, encrypt=encrypt, invariant=1)
    for key, value in options.items():
        getattr(canvas, f"set{key.title()}")(value)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def lines(
    canvas: Canvas, x: float, top: float, texts: Sequence[str], size: float = 10, font: str = "Helvetica"
) -> None:
    """Lines under each other; `top` is measured from the upper edge of the page."""
    canvas.setFont(font, size)
    for n, text in enumerate(texts):
        canvas.drawString(x, HEIGHT - top - n * 1.2 * size, text)


def prose(name: str, count: int, width: float = 230) -> list[str]:
    """Lines broken to a width (in 10 points), in which each word says where it is from: `name` and its number."""
    known = SENTENCE.split()
    words = [f"{name}{n}" if n % 4 == 0 else known[n % len(known)] for n in range(count * 25)]
    texts = simpleSplit(" ".join(words), "Helvetica", 10, width)[:count]
    return [texts[0][:1].upper() + texts[0][1:], *texts[1:-1], texts[-1] + "."]


def page_of(*parts: tuple[float, float, Sequence[str]]) -> Draw:
    """A page with lines of running text: each part is x, distance from the top, and the lines."""

    def draw(canvas: Canvas) -> None:
        for x, top, texts in parts:
            lines(canvas, x, top, texts)

    return draw


def picture_page(canvas: Canvas) -> None:
    """A page that is only a picture, as a scanner makes it."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), "grey")), 40, 40, 500, 700)


def pdf_of(content: str, extra: str = "", count: int = 1) -> bytes:
    """A PDF by hand: pages that all have this content stream, with `extra` in their dictionary."""
    kids = " ".join(f"{5 + n} 0 R" for n in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
    ]
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
    resources = "" if "/Resources" in extra else "/Resources << /Font << /F1 3 0 R >> >>"
    objects += [f"{page} {resources} {extra} >>"] * count
    body, offsets = "%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return (body + f"xref\n0 {size}\n0000000000 65535 f \n{table}" + trailer).encode("latin-1")
