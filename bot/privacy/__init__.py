"""Erasing a visitor from every store."""
