"""The visitors' API: the chat widget, the privacy centre, consent receipts, the demo shop."""
