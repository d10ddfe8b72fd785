"""The reviewers' console: what was decided, from what, and why."""
