"""The product's own source, parsed once, for the tests that read code instead of running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT_FOLDERS = ("app", "ui", "db", "sync", "devices", "migrations")


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Every Python file below the folders (default: the product's), in a fixed order."""
    found = (path for folder in folders or PRODUCT_FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(found))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something stands, as an editor understands it."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{node.lineno}" if node is not None and hasattr(node, "lineno") else name


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a file with the dotted name that is called (`""` when it has none)."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or a chain of attributes; `""` for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def imported_modules(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Every module a file imports, those imported inside functions too; relative imports as `.name`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield node, base
            if base == "app":
                yield from ((node, f"app.{alias.name}") for alias in node.names)
