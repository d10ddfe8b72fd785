"""The agents' desk: who waits for a person, and talking to them."""
