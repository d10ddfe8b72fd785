"""`python -m bot.api.write_openapi`: print the OpenAPI document, with the demo shop's routes."""

from __future__ import annotations

import sys

from bot.api import openapi
from bot.api.application import create_api

if __name__ == "__main__":
    sys.stdout.write(openapi.text(create_api(demo=True).openapi()))
