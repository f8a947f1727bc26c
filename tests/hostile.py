"""A loader that does what a hostile file could make any do; `tests.test_apart` runs it in a process of its own."""

from __future__ import annotations

import os
import sys
import time

from index.documents import Loaded
from index.errors import UnreadableFile
from index.loading.apart import main
from index.loading.pace import got_on


def load(name: str, data: bytes) -> Loaded:
    """Do what the file is named for."""
    match name.removesuffix(".pdf"):
        case "loop":
            while True:
                time.sleep(0.01)
        case "grow":
            return Loaded("x" * len(bytearray(10**12)), name)
        case "long":
            for _ in range(int(data)):
                time.sleep(0.5)
                got_on()
        case "stuck":
            got_on()
            time.sleep(60)
        case "die":
            os._exit(3)
        case "raise":
            raise KeyError("xref")
        case "deep":
            return load(name, data)
        case "wrong":
            raise UnreadableFile(f"{name} is broken")
    return Loaded(f"{data.decode()} read by {os.getpid()}", name)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], {"load": load}))
