"""Every measure, one after the other: python -m tests.bench."""

import importlib
import pkgutil

import tests.bench

modules = (found.name for found in pkgutil.iter_modules(tests.bench.__path__) if found.name.startswith("bench_"))
for module in sorted(modules):
    print(f"\n## {module}", flush=True)
    importlib.import_module(f"tests.bench.{module}").main()
