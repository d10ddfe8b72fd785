"""Identifiers become placeholders before the engine sees a text, and come back before the visitor does (rule P1)."""

from bot.masking.finder import DEFAULT_FINDER, Finder
from bot.masking.masker import mask, mask_example
from bot.masking.placeholder_store import PlaceholderStore
from bot.masking.placeholders import find
from bot.masking.shorten import shorten
from bot.masking.spans import Found, Part

__all__ = ["DEFAULT_FINDER", "Finder", "Found", "Part", "PlaceholderStore", "find", "mask", "mask_example", "shorten"]
