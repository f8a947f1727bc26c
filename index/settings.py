"""The settings of the index; `assistant.settings` nests them and is the only reader of environment and files."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"


class IndexSettings(BaseModel):
    """How documents are cut, embedded and searched."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    embedder: str = Field(
        default=DEFAULT_EMBEDDER,
        description="sentence-transformers model, by name or path; the default comes with its weights in a package",
    )
    embedder_backend: Literal["auto", "onnx", "torch"] = Field(
        default="auto",
        description="what runs the embedder: onnx (exported once), torch, or auto (onnx where it agrees with torch)",
    )
    passage_tokens: int = Field(
        default=160, ge=16, le=8192, description="length that a passage aims at, in tokens of the embedder"
    )
    passage_tokens_max: int = Field(
        default=240, ge=16, le=8192, description="longest passage, heading included, in tokens of the embedder"
    )
    threads: int = Field(default=0, ge=0, le=256, description="threads for embedding; 0: as many as there are cores")
    max_file_mb: int = Field(default=100, ge=1, le=4096, description="largest file that is read, in MB")
    parse_seconds: int = Field(
        default=120,
        ge=1,
        le=86_400,
        description="longest time that reading a file may take; each scanned page counts by itself",
    )
    parse_memory_mb: int = Field(
        default=2048, ge=512, le=1_000_000, description="most memory that the process reading a file may use, in MB"
    )
    parse_processes: int = Field(
        default=0, ge=0, le=256, description="processes that read files at once; 0: as many as there are cores"
    )

    @model_validator(mode="after")
    def _aim_within_maximum(self) -> Self:
        if self.passage_tokens > self.passage_tokens_max:
            raise ValueError("passage_tokens is more than passage_tokens_max: a passage cannot aim beyond its limit")
        return self
