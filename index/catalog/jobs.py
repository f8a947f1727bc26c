"""Uploaded files on their way into the library: a queue that survives a stop."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects.sqlite import insert

from index.catalog.rows import load_overrides, to_job
from index.catalog.tables import jobs, writing
from index.documents import Job
from index.errors import NotFound


class Jobs:
    """The jobs of the catalog. A job that was under way when its process stopped is queued again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, collection: str, file_digest: str, overrides: str) -> Job:
        """Queue a file whose bytes are kept already."""
        job_id = secrets.token_hex(8)
        with writing(self._engine).begin() as connection:
            connection.execute(
                insert(jobs).values(
                    id=job_id, name=name, collection=collection, file_digest=file_digest, overrides=overrides,
                    state="queued", done=0, total=0,
                )
            )  # fmt: skip
        return self.get(job_id)

    def get(self, job_id: str) -> Job:
        """A job by its id; raises `NotFound`."""
        with self._engine.begin() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
        if row is None:
            raise NotFound(f"no job {job_id!r}: an upload's answer gives the ids of its jobs")
        return to_job(row)

    def next(self) -> tuple[Job, str, dict[str, Any]] | None:
        """The oldest queued job with its file's digest and the details given beside it; None where nothing waits."""
        statement = select(jobs).where(jobs.c.state == "queued").order_by(jobs.c.number).limit(1)
        with self._engine.begin() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else (to_job(row), row.file_digest, load_overrides(row.overrides))

    @property
    def busy(self) -> bool:
        """True where a job is queued or under way."""
        statement = select(jobs.c.id).where(jobs.c.state.not_in(("done", "failed"))).limit(1)
        with self._engine.begin() as connection:
            return connection.execute(statement).one_or_none() is not None

    def report(self, job_id: str, **changes: object) -> None:
        """Write down how far a job is: any of state, document_id, done, total, problem."""
        with writing(self._engine).begin() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(**changes))

    def requeue(self) -> None:
        """Queue again what an earlier process left half-way."""
        with writing(self._engine).begin() as connection:
            connection.execute(
                update(jobs).where(jobs.c.state.in_(("reading", "embedding"))).values(state="queued", done=0, total=0)
            )

    def waiting_for(self, file_digest: str) -> bool:
        """True where a queued job still needs the bytes of this digest."""
        statement = select(jobs.c.id).where(jobs.c.file_digest == file_digest, jobs.c.state.not_in(("done", "failed")))
        with self._engine.begin() as connection:
            return connection.execute(statement.limit(1)).one_or_none() is not None
