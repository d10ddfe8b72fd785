"""The queries of oversight, one module a noun."""
