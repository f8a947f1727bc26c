"""Uploads: a multipart body becomes files, each counted while it arrives. It reads no file's content."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from assistant.api.received import UploadIn
from index.documents import Job
from index.errors import InvalidInput
from index.library import Library
from index.uploads import checked_name

FILES_AT_ONCE = 100
FIELDS_AT_ONCE = 20
FIELD_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Upload:
    """The files of one request, and what it says about them."""

    files: tuple[UploadFile, ...]
    said: UploadIn


async def receive_upload(request: Request, file_bytes: int) -> Upload:
    """Read a multipart body into files on disk. Raises `HTTPException` 400, 413, 415; `RequestValidationError`."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "An upload is multipart/form-data with one or more files: send it as such.")
    parser = _CountingParser(request.headers, request.stream(), file_bytes)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400, f"The upload cannot be read: {error.message} Send it again.") from error
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    said = {name: value for name, value in form.multi_items() if isinstance(value, str) and value}
    # A browser sends an empty, nameless file for a form's empty file field.
    files = [file for file in files if file.filename or file.size]
    if not files:
        raise InvalidInput("the upload holds no file: choose at least one")
    return Upload(tuple(files), _said(said))


async def queue_upload(library: Library, upload: Upload) -> tuple[Job, ...]:
    """Keep every file of an upload, or none: names and sizes are looked at first. Raises as `Library.upload`."""
    for file in upload.files:
        checked_name(file.filename or "")
        if not file.size:
            raise InvalidInput(f"the file {file.filename} is empty: choose another")
    return await run_in_threadpool(_keep, library, upload.files, upload.said)


def _keep(library: Library, files: Sequence[UploadFile], said: UploadIn) -> tuple[Job, ...]:
    overrides = said.model_dump(exclude_none=True, exclude={"collection"})
    return tuple(
        library.upload(file.filename or "", file.file.read(), collection=said.collection, overrides=overrides)
        for file in files
    )


def _said(fields: dict[str, str]) -> UploadIn:
    try:
        return UploadIn.model_validate(fields)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error


class _CountingParser(MultiPartParser):
    """Starlette's parser with a limit on each file, which it lacks."""

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes, None], file_bytes: int) -> None:
        super().__init__(headers, stream, max_files=FILES_AT_ONCE, max_fields=FIELDS_AT_ONCE, max_part_size=FIELD_BYTES)
        self._file_bytes = file_bytes
        self._arrived = 0

    def on_part_begin(self) -> None:
        self._arrived = 0
        super().on_part_begin()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._arrived += end - start
        file = self._current_part.file
        if file is not None and self._arrived > self._file_bytes:
            size = self._file_bytes // 1_000_000
            raise HTTPException(413, f"The file {file.filename} is larger than {size} MB: send a smaller one.")
        super().on_part_data(data, start, end)
