"""Standing requests: heard in every message and every state, apart from its topic."""
