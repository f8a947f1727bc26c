"""What a person reads of something that rich prints."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType


def text_of(renderable: RenderableType) -> str:
    """Its words, on lines as long as they come."""
    output = io.StringIO()
    Console(file=output, width=1000, highlight=False, markup=False).print(renderable)
    return output.getvalue()
