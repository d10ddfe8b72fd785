"""Every table. Personal text is in `…_sealed` columns: AES-256-GCM under the visitor's own key (bot/db/keyring.py)."""

from bot.db.models.base import Base, Moment, table
from bot.db.models.consent import ConsentRow
from bot.db.models.conversations import (
    ConversationRow,
    DeliveryRow,
    DisclosureRow,
    MessageRow,
    OutboxRow,
    PlaceholderRow,
)
from bot.db.models.decisions import DecisionDayRow, DecisionPayloadRow, DecisionRow
from bot.db.models.handoffs import HandoffRow
from bot.db.models.oversight import ContestRow, CorrectionRow, ReviewRow, StopRow
from bot.db.models.policies import PolicyRow
from bot.db.models.privacy import ErasureRow, HoldRow, RetentionRunRow
from bot.db.models.shop import ShopCustomerRow, ShopOrderRow, ShopProductRow, ShopViewRow
from bot.db.models.staff import StaffRow, StaffSessionRow
from bot.db.models.transparency_log import LogCheckpointRow, LogTileRow
from bot.db.models.visitors import CustomerRow, IdentityUseRow, VisitorKeyRow, VisitorRow

__all__ = [
    "Base",
    "ConsentRow",
    "ContestRow",
    "ConversationRow",
    "CorrectionRow",
    "CustomerRow",
    "DecisionDayRow",
    "DecisionPayloadRow",
    "DecisionRow",
    "DeliveryRow",
    "DisclosureRow",
    "ErasureRow",
    "HandoffRow",
    "HoldRow",
    "IdentityUseRow",
    "LogCheckpointRow",
    "LogTileRow",
    "MessageRow",
    "Moment",
    "OutboxRow",
    "PlaceholderRow",
    "PolicyRow",
    "RetentionRunRow",
    "ReviewRow",
    "ShopCustomerRow",
    "ShopOrderRow",
    "ShopProductRow",
    "ShopViewRow",
    "StaffRow",
    "StaffSessionRow",
    "StopRow",
    "VisitorKeyRow",
    "VisitorRow",
    "table",
]
