"""``bench NAME``: run one benchmark of tests/bench and print its figures beside its goals.

Exit code 0 when it ran, met or not: a slow machine is no error. The last line is the JSON object with ``--json``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.errors import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="which benchmark (see tests/bench)")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")
    parser.add_argument("--scans", type=int, metavar="N", help="wedge: how many scans (default 1,000)")
    parser.add_argument("--quick", action="store_true", help="small sizes: a look, not a measurement")


def run(arguments: argparse.Namespace) -> int:
    sizes = {} if arguments.scans is None else {"scans": arguments.scans}
    result = measure(arguments.name, _data_dir(arguments), is_quick=arguments.quick, **sizes)
    _print_table(result)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
    return 0


def measure(name: str, data_dir: Path, *, is_quick: bool = False, **sizes: int) -> dict[str, Any]:
    """The benchmark's object: name, figures, goals, met, reference, n. ``sizes`` are for the benchmarks that know them.

    Raises Refused("bench_unknown").
    """
    import tests.bench

    modules = sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    run = _run_of(name) if name in modules else None
    if run is None:
        raise Refused("bench_unknown", name=name, known=", ".join(filter(_run_of, modules)))
    result: dict[str, Any] = run(data_dir, quick=is_quick, **sizes)
    return result


def _run_of(module: str) -> Callable[..., dict[str, Any]] | None:
    """What runs this benchmark; None for a module that only helps the others."""
    return getattr(importlib.import_module(f"tests.bench.{module}"), "run", None)


def _data_dir(arguments: argparse.Namespace) -> Path:
    """Benchmarks build their shops once, in a folder of their own below the data folder."""
    from app.config import load

    folder = load(arguments.data).data_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _print_table(result: dict[str, Any]) -> None:
    print(f"{result['name']}: n = {result['n']}, reference: {result['reference']}")
    each = result.get("met_each", {})
    for figure, value in result["figures"].items():
        goal = result["goals"].get(figure)
        shown = f"{value:.3f}" if isinstance(value, float) else str(value)
        # A goal in words says itself on which side of it is good.
        wanted = "" if goal is None else f"   goal {goal}" if isinstance(goal, str) else f"   goal ≤ {goal}"
        print(f"  {figure:<24} {shown:>12}{wanted}" + ("" if each.get(figure, True) else "   NOT met"))
    print("  met" if result["met"] else "  NOT met")
