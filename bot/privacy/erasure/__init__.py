"""Erasing a visitor: rows in one transaction, then the engine, files and backups, until all is done."""
