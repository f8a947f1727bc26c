"""A document that is a ZIP file, made anew with its parts unpacked: for libraries that open ZIP files by themselves.

They would unpack a part whole, whatever size the file gives for it; here every part has been kept to that size.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from index.loading.zipped import Package


def unpacked(package: Package, needed: Callable[[str], bool] = lambda _: True) -> io.BytesIO:
    """A ZIP file of the members that are needed. Raises `UnreadableFile` where one is protected or broken."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for member in package.names:
            if needed(member):
                archive.writestr(zipfile.ZipInfo(member), package.read(member))
    made.seek(0)
    return made
