"""What differs between two versions: for operators as a unified diff, and as the purposes whose terms are others."""

from __future__ import annotations

from difflib import unified_diff

from bot.policies.documents import Document
from bot.policies.purposes import processing_of


def unified(before: Document, after: Document) -> str:
    """The lines that differ, as `diff -u` shows them; "" where none does."""
    old, new = before.text.splitlines(keepends=True), after.text.splitlines(keepends=True)
    return "".join(unified_diff(old, new, f"{before.file} in force since {before.version}", f"{after.file} as drafted"))


def purposes_with_other_terms(before: Document, after: Document) -> list[str]:
    """Names of the purposes in `before` that `after` has no more, or about which a consent would be another one."""
    old, new = processing_of(before).purposes, processing_of(after).purposes
    return [name for name, purpose in old.items() if name not in new or new[name].terms != purpose.terms]
