"""Writes decision records. The caller's transaction holds the record and its effect, or the record alone before it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import bot
from bot.core.errors import RecordError
from bot.core.ids import Json, new_id, now
from bot.db import Keyring, touch
from bot.db.disclosed import disclosed_version
from bot.db.keyring import KeyDestroyed
from bot.db.models import DecisionPayloadRow, DecisionRow
from bot.decisions import repository
from bot.decisions.models import Decision

SCHEMA = "candor/decision/1"
RECORDED = "decisions"
"""The topic that a commit touches which leaves records to be sealed."""
SALT = 32
"""Bytes of salt before each payload."""
OPERATOR = "operator"
"""Holds the key of records that are about no visitor, or outlive a visitor's erasure."""


@dataclass(frozen=True)
class Opened:
    """A record as it is stored. Without salt and payload it was erased, or `damaged`: not what was sealed.

    `payload` is the very bytes that were committed to.
    """

    row: DecisionRow
    salt: bytes | None = None
    payload: bytes | None = None
    damaged: bool = False

    @cached_property
    def record(self) -> dict[str, Json] | None:
        """The whole record; None when it cannot be opened."""
        if self.payload is None:
            return None
        return {**json.loads(self.payload), "commitment": self.row.commitment, "leaf_index": self.row.leaf_index}


class Recorder:
    """Appends decision records; nothing here can change one."""

    def __init__(self, keyring: Keyring, instance: str) -> None:
        self._keyring = keyring
        self._instance = instance

    def record(self, session: Session, decision: Decision) -> str:
        """Write one record, give its id.

        Raises:
            RecordError: it could not be written; then nothing may be said.
        """
        return self.record_all(session, [decision])[0]

    def record_all(self, session: Session, decisions: Sequence[Decision]) -> list[str]:
        """Write the records of one conversation in the order they were taken, give their ids.

        Raises:
            RecordError: they could not be written; then nothing may be said.
        """
        disclosure = disclosed_version(session, decisions[0].conversation_id)
        rows = [self._rows(session, decision, disclosure) for decision in decisions]
        try:
            repository.add(session, [row for row, _ in rows], [payload for _, payload in rows])
        except SQLAlchemyError as error:
            raise RecordError("The decision could not be recorded, so nothing is said.") from error
        touch(session, RECORDED)
        return [row["id"] for row, _ in rows]

    def _rows(
        self, session: Session, decision: Decision, disclosure: str | None
    ) -> tuple[dict[str, Json], dict[str, Json]]:
        decision_id, at = new_id("dec"), now()
        salted = os.urandom(SALT) + canonical_json(self._payload(decision_id, at, decision, disclosure))
        commitment = hashlib.sha256(salted).hexdigest()
        holder = OPERATOR if decision.outlives_erasure or not decision.visitor_id else decision.visitor_id
        return _row(decision_id, at, decision, commitment), {
            "decision_id": decision_id,
            "visitor_id": holder,
            "payload_sealed": self._keyring.seal_bytes(session, holder, decision_id, salted),
        }

    def open(self, session: Session, payload: DecisionPayloadRow) -> tuple[bytes, bytes] | None:
        """The record's salt (32 bytes) and its payload, the very bytes that were committed to; None when erased."""
        if payload.payload_sealed is None:
            return None
        try:
            holder, about = payload.visitor_id, payload.decision_id
            salted = self._keyring.open_bytes(session, holder, about, payload.payload_sealed)
        except KeyDestroyed:
            return None
        return salted[:SALT], salted[SALT:]

    def read_record(self, session: Session, row: DecisionRow) -> dict[str, Json] | None:
        """The whole record of this header, or None when it was erased."""
        payload = repository.payloads(session, [row.id]).get(row.id)
        return None if payload is None else self.read(session, row, payload)

    def read(self, session: Session, row: DecisionRow, payload: DecisionPayloadRow) -> dict[str, Json] | None:
        opened = self.open(session, payload)
        return None if opened is None else Opened(row, *opened).record

    def open_all(self, session: Session, rows: Sequence[DecisionRow]) -> list[Opened]:
        """Records in the order given, for people who check them. What they need is read in two statements."""
        payloads = repository.payloads(session, [row.id for row in rows])
        # Held until all is opened: the session forgets rows that nobody holds, and would read each key by itself.
        keys = repository.keys_of(session, payloads.values())
        opened = [self._open(session, row, payloads.get(row.id)) for row in rows]
        del keys
        return opened

    def _open(self, session: Session, row: DecisionRow, payload: DecisionPayloadRow | None) -> Opened:
        try:
            found = None if payload is None else self.open(session, payload)
        except InvalidTag:
            payload = found = None
        return Opened(row, damaged=payload is None) if found is None else Opened(row, *found)

    def _payload(self, decision_id: str, at: datetime, decision: Decision, disclosure: str | None) -> dict[str, Json]:
        """The record's fields, named as in OPA decision logs, OpenTelemetry gen_ai and DPV."""
        return {
            "schema": SCHEMA,
            "decision_id": decision_id,
            "timestamp": at.isoformat(timespec="microseconds"),
            "service": "candor",
            "instance": self._instance,
            "version": bot.__version__,
            "kind": decision.kind.value,
            "path": decision.rule or decision.policy,
            "policy": decision.policy,
            "revision": decision.fingerprint,
            "input": dict(decision.input),
            "result": dict(decision.result),
            "outcome": decision.outcome,
            "erased": [],
            "masked": ["/input/text"] if "text" in decision.input else [],
            "requested_by": decision.visitor_id,
            "conversation_id": decision.conversation_id,
            "turn_id": decision.turn_id,
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": decision.model,
            "intent": decision.intent,
            "confidence": _rounded(decision.confidence),
            "alternatives": [{"name": r.name, "confidence": _rounded(r.confidence)} for r in decision.alternatives],
            "threshold": decision.threshold,
            "consent_record_id": decision.consent_record_id,
            "lawful_basis": decision.lawful_basis,
            "categories": list(decision.categories),
            "automation_level": decision.automation_level,
            "human_involvement": decision.human_involvement,
            "language": decision.language,
            "disclosure_version": disclosure,
            "gpc": decision.gpc,
            "timing": dict(decision.timing),
        }


def canonical_json(value: Json) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: what the commitment is over."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _rounded(confidence: float | None) -> float | None:
    """Four decimals: what a header writes the same in every language."""
    return None if confidence is None else round(confidence, 4)


def _row(decision_id: str, at: datetime, decision: Decision, commitment: str) -> dict[str, Json]:
    return {
        "id": decision_id,
        "conversation_id": decision.conversation_id,
        "visitor_id": decision.visitor_id,
        "turn_id": decision.turn_id,
        "at": at,
        "kind": decision.kind,
        "intent": decision.intent,
        "confidence": _rounded(decision.confidence),
        "outcome": decision.outcome,
        "language": decision.language,
        "model": decision.fingerprint,
        "commitment": commitment,
        "leaf_index": None,
    }
