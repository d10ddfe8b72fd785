"""Request and response models of the HTTP API, one module a noun. They make docs/reference/openapi.json."""
