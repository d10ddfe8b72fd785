"""Foundations without a database: settings, errors, texts in two languages, HTML."""
