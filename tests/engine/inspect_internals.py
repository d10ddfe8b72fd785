"""Runs in the engine's environment: finds the private parts of Rasa that engine/ overrides or uses; prints them."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
from pathlib import Path

import engine
from engine.quiet import mute_imports

FOLDER = Path(engine.__file__).parent


def private(name):
    """Whether a name is private, but not one of Python's own."""
    return name.startswith("_") and not name.startswith("__")


def overridden():
    """`Base.name` with its parameters, for each private name of Rasa's that one of our classes defines again."""
    found = {}
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        module = importlib.import_module(f"engine.{path.stem}")
        for own in vars(module).values():
            if not inspect.isclass(own) or own.__module__ != module.__name__:
                continue
            for name in filter(private, vars(own)):
                for base in own.__mro__[1:]:
                    if (
                        base.__module__.startswith("rasa.")
                        and callable(getattr(base, name, None))
                        and name in vars(base)
                    ):
                        found[f"{base.__name__}.{name}"] = list(inspect.signature(getattr(base, name)).parameters)
    return found


def used():
    """The private attributes that engine/ reads and does not define."""
    read, defined = set(), set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                defined.add(node.name)
            elif isinstance(node, ast.Attribute):
                (defined if isinstance(node.ctx, ast.Store) else read).add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                defined.add(node.id)
    return sorted(name for name in read - defined if private(name))


if __name__ == "__main__":
    mute_imports()
    print(json.dumps({"overridden": overridden(), "used": used()}))
