"""Published policies: AI disclosure, privacy notice and purposes. A published version never changes."""

from bot.policies.current import Published, address, in_force, notice_in_force, put_in_force
from bot.policies.documents import Document, Kind
from bot.policies.draft_files import drafts
from bot.policies.purposes import (
    ACCOUNT_DETAILS,
    CONTACT_BY_EMAIL,
    IMPROVEMENT,
    ORDER_HISTORY,
    RECOMMENDATIONS,
    Processing,
    Purpose,
    data_words,
    processing,
    purpose_named,
    purposes,
    spoken,
)

__all__ = [
    "ACCOUNT_DETAILS",
    "CONTACT_BY_EMAIL",
    "IMPROVEMENT",
    "ORDER_HISTORY",
    "RECOMMENDATIONS",
    "Document",
    "Kind",
    "Processing",
    "Published",
    "Purpose",
    "address",
    "data_words",
    "drafts",
    "in_force",
    "notice_in_force",
    "processing",
    "purpose_named",
    "purposes",
    "put_in_force",
    "spoken",
]
