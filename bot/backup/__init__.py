"""Backups of a SQLite database in one file each, and how erasures reach those that were made."""
