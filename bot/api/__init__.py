"""The HTTP interface: request and response of every route; nothing is decided here."""
