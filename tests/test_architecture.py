"""The plan of the house, executed: who may import whom, which library stays behind which fence, and the bar."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("assistant", "index", "prompts")
MODULES = sorted(path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / name).rglob("*.py"))

# A vendor's library and the modules behind whose fence it stays. A prefix stands for a whole package.
FENCES = {
    "chromadb": ("index.store",),
    "tantivy": ("index.words",),
    "sentence_transformers": ("index.embedding",),
    "onnxruntime": ("index.embedding", "index.loading.ocr", "assistant.reading"),
    "rapidocr": ("index.loading.ocr",),
    "cv2": ("index.loading.ocr",),
    "torch": (
        "index.embedding",
        "assistant.reading.train",
        "assistant.reading.any_model",
        "assistant.supporting.entailment",
    ),
    "tokenizers": ("index.embedding", "assistant.reading"),
    "transformers": (
        "index.embedding",
        "assistant.reading.train",
        "assistant.reading.any_model",
        "assistant.supporting.entailment",
    ),
    "lxml": (
        "index.loading.html",
        "index.loading.epub",
        "index.loading.core_properties",
        "index.loading.sheet_cells",
        "index.loading.slide_shapes",
    ),
    "datasketch": ("index.likeness",),
    "watchfiles": ("index.watching",),
    "olefile": ("index.loading.mail.msg",),
    "sqlalchemy": ("index.catalog", "assistant.conversations"),
    "langchain": ("assistant.chat_models",),
    "langchain_core": ("index.retriever", "assistant.chat_models"),
    "langchain_openai": ("assistant.chat_models",),
    "fastapi": ("assistant.api",),
    "starlette": ("assistant.api",),
    "uvicorn": ("assistant.serving",),
    "httpx": ("assistant.remote", "assistant.chat_models.facts"),
    "typer": ("assistant.cli", "assistant.models_command", "assistant.serving"),
    "jinja2": ("assistant.evaluation",),
    "rich": ("assistant.cli", "assistant.printing", "assistant.evaluation"),
    "pypdfium2": ("index.loading.pdf.pdfium", "index.loading.pdf.drawings"),
    "PIL": ("index.loading.pictures", "index.loading.scans", "index.loading.ocr", "index.loading.pdf.pdfium"),
    "platformdirs": ("assistant.settings",),
    "openpyxl": ("index.loading.xlsx",),
    "pptx": ("index.loading.pptx",),
}

# Layers of the assistant from the top; a module imports from its own layer or those below. One not listed is an error.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("models_command",),
    ("serving", "remote", "model_check", "printing", "evaluation"),
    ("api",),
    ("assembly",),
    ("answering",),
    (
        "outcome",
        "reading.extractive",
        "reading.chat",
        "reading.standing_in",
        "condensing",
        "reading.train",
        "supporting.train",
    ),
    ("citing", "conversations", "reading.candidates", "reading.cells", "reading.differing", "reading.weighing"),
    (
        "reading.grammar",
        "reading.forms",
        "reading.statements",
        "reading.windows",
        "reading.own_model",
        "reading.any_model",
        "supporting",
    ),
    ("anchors", "rendering", "blanking", "snapshot", "scripted_model", "chat_models"),
    ("reading.markers", "obedient_model"),
    (
        "budget",
        "checking",
        "wording",
        "tracing",
        "prompts",
        "reading.encoding",
        "reading.evidence",
        "reading.expecting",
        "reading.hit_sentences",
        "reading.models",
        "reading.opening",
        "reading.spans",
        "reading",
        "settings",
        "suspicion",
    ),
    ("answers", "errors", ""),
)

# Names that say nothing of what a module holds.
NAMELESS = {"utils", "util", "common", "base", "helpers", "manager", "misc"}
MOST_LINES, MOST_FUNCTION_LINES, MOST_NESTING, MOST_PARAMETERS, MOST_BROAD_EXCEPTS = 300, 60, 3, 6, 2


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}.")


def layer_of(name: str) -> int:
    """The layer of a module of the assistant, by its longest listed prefix."""
    inner = name.removeprefix("assistant").removeprefix(".")
    best = max((entry for layer in LAYERS for entry in layer if entry and within(inner, entry)), key=len, default=None)
    if best is None:
        assert inner == "", f"{name} is in no layer: say in LAYERS where it belongs"
        best = ""
    return next(place for place, layer in enumerate(LAYERS) if best in layer)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_vendor_libraries_stay_behind_their_fences(path: Path) -> None:
    name = module_name(path)
    for imported in imports(path):
        for vendor, fences in FENCES.items():
            if within(imported, vendor):
                assert any(within(name, fence) for fence in fences), f"{name} imports {imported}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "index"], ids=str)
def test_the_index_never_imports_the_assistant(path: Path) -> None:
    assert not [imported for imported in imports(path) if within(imported, "assistant")]


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "assistant"], ids=str)
def test_layers_import_downwards_only(path: Path) -> None:
    name = module_name(path)
    for imported in imports(path):
        if within(imported, "assistant"):
            known = (ROOT / (imported.replace(".", "/") + ".py")).exists() or (
                ROOT / imported.replace(".", "/")
            ).is_dir()
            target = imported if known else imported.rsplit(".", 1)[0]
            assert layer_of(target) >= layer_of(name), f"{name} imports {target}, which is above it"


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and module_name(path) != "assistant.settings"
    ]
    # These set what the vendors' libraries read, and read nothing.
    allowed = {
        "index/embedding/torch_embedder.py",
        "index/embedding/onnx_embedder.py",
        "assistant/reading/encoding.py",
        "assistant/reading/opening.py",
    }
    assert set(readers) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_short_named_and_says_what_it_is(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    assert path.stem not in NAMELESS
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_functions_are_short_flat_and_take_few_parameters(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_FUNCTION_LINES, node.name
            assert depth(node.body) <= MOST_NESTING, f"{node.name} nests {depth(node.body)} deep"
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            counted = [argument for argument in arguments if argument.arg not in ("self", "cls")]
            door = path.parts[:2] == ("assistant", "api") or path.name == "cli.py"
            assert door or len(counted) <= MOST_PARAMETERS, f"{node.name} takes {len(counted)}"


def depth(body: list[ast.stmt]) -> int:
    """How deep blocks nest in a body; functions within start anew."""
    deepest = 0
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        inner = [
            block
            for field in ("body", "orelse", "finalbody")
            if (block := getattr(statement, field, None)) and isinstance(block, list)
        ]
        inner += [handler.body for handler in getattr(statement, "handlers", [])]
        inner += [case.body for case in getattr(statement, "cases", [])]
        for block in inner:
            # `elif` is an `if` in the else of another, and no deeper to read.
            chained = isinstance(statement, ast.If) and block is statement.orelse and isinstance(block[0], ast.If)
            deepest = max(deepest, depth(block) + (0 if chained else 1))
    return deepest


def test_broad_excepts_are_at_most_two() -> None:
    broad = [
        f"{path}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]
    assert len(broad) <= MOST_BROAD_EXCEPTS, broad


def test_a_broken_fence_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "sample.py"
    module.write_text("import chromadb.config\nfrom fastapi import FastAPI\n", encoding="utf-8")
    found = list(imports(module))
    assert found == ["chromadb.config", "fastapi.FastAPI"]
    assert all(any(within(name, vendor) for vendor in FENCES) for name in found)
