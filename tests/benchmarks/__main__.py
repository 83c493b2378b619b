"""Runs the benchmarks in order: `make bench`, or one of them: `make bench ONLY=load`.

Each is a module beside this one with a `main(arguments) -> int`; 0 says that every number is right.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys

NAMES = ("engine", "solver", "stage", "packs", "pages", "load", "decode", "pictures", "seeing", "training", "soak")


def main(arguments: list[str]) -> int:
    chosen = [name for name in arguments if name in NAMES] or list(NAMES)
    unknown = [name for name in arguments if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
        return 2
    failed = []
    for name in chosen:
        if importlib.util.find_spec(f"tests.benchmarks.{name}") is None:
            continue
        print(f"\n== {name} ==", flush=True)
        if importlib.import_module(f"tests.benchmarks.{name}").main():
            failed.append(name)
    if failed:
        print(f"\nNot right: {', '.join(failed)}.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
