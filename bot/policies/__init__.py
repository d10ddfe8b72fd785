"""What visitors are told, as published: the AI disclosure, the privacy notice and the purposes. Versions never change."""

from bot.policies.current import Published, in_force, put_in_force
from bot.policies.documents import Document, Kind, drafts
from bot.policies.purposes import Processing, Purpose, data_words, processing, purpose_named, purposes, spoken

__all__ = [
    "Document",
    "Kind",
    "Processing",
    "Published",
    "Purpose",
    "data_words",
    "drafts",
    "in_force",
    "processing",
    "purpose_named",
    "purposes",
    "put_in_force",
    "spoken",
]
