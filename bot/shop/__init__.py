"""The company's shop: the interface for the assistant, and a demo shop (docs/how-to/connect-your-shop.md)."""
