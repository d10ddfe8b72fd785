"""Identifiers become placeholders before the engine sees a text, and come back before the visitor does (rule P1)."""

from bot.masking.identifiers import DEFAULT_FINDER, Finder, Found
from bot.masking.masker import mask, mask_example
from bot.masking.vault import Vault

__all__ = ["DEFAULT_FINDER", "Finder", "Found", "Vault", "mask", "mask_example"]
