"""What is kept of a visitor: one module a category, each with what the overview shows and what the export holds."""
