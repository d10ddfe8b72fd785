"""An operator stops the assistant, wholly or for one topic. It holds from the next message on, in every process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.i18n import copy
from bot.core.ids import new_id, now
from bot.core.messages import Author, Button
from bot.core.settings import Settings
from bot.db import touch
from bot.db.models import ConversationRow, DecisionRow, HandoffRow, StopRow
from bot.decisions.models import BY_A_PERSON, Decision, Kind
from bot.messaging import Outbox
from bot.messaging.pubsub import QUEUE
from bot.oversight.topics import topics
from bot.staff import Staff

ASK_FOR_HUMAN = "/request_human"
"""What the button for a human sends, on every door."""
QUEUED = "queued"


class Desk(Protocol):
    """What is needed of `bot.handoff.Handoffs`."""

    def request(
        self, session: Session, conversation: ConversationRow, trigger: str, reason: str, turn_id: str | None = None
    ) -> HandoffRow:
        """Put the conversation into the desk's queue."""

    def current(self, session: Session, conversation: ConversationRow) -> HandoffRow | None:
        """The newest handoff of the conversation."""


class Stops:
    """Begins and ends stops, and answers visitors while one is on.

    Args:
        record: writes a record, `Recorder.record`.
        desk: where the visitor is sent instead.
    """

    def __init__(
        self, settings: Settings, outbox: Outbox, record: Callable[[Session, Decision], str], desk: Desk
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._record = record
        self._desk = desk

    def start(self, session: Session, staff: Staff, topic: str | None, reason: str) -> tuple[StopRow, bool]:
        """Stop the assistant for `topic`, or wholly. Gives the stop, and whether it is a new one.

        Raises:
            BadRequest: there is no such topic, or it cannot be stopped alone.
        """
        if topic is not None and topic not in topics():
            names = ", ".join(topics())
            raise BadRequest(f"Choose one of these topics, or none to stop everything: {names}.", code="topic_unknown")
        on = next((stop for stop in active(session) if stop.topic == topic), None)
        if on is not None:
            return on, False
        row = StopRow(id=new_id("stp"), topic=topic, reason=reason, at=now(), by_id=staff.id)
        session.add(row)
        session.flush()
        self._tell(session, row, "stopped", staff)
        return row, True

    def end(self, session: Session, staff: Staff, stop_id: str) -> StopRow:
        """The assistant answers again, from the next message on.

        Raises:
            NotFound: there is no such stop.
            Conflict: `already_ended`.
        """
        row = session.get(StopRow, stop_id, with_for_update=True)
        if row is None:
            raise NotFound("There is no such stop.")
        if row.ended_at is not None:
            raise Conflict("This stop has ended already.", code="already_ended")
        row.ended_at, row.ended_by = now(), staff.id
        session.flush()
        self._tell(session, row, "resumed", staff)
        return row

    def answer(
        self, session: Session, conversation: ConversationRow, stop: StopRow, turn_id: str, language: str
    ) -> None:
        """Instead of the assistant's answer: the honest sentence and the desk's queue, both once for each stop.

        After that a message reaches the desk's list without a word; who waits no longer is told the way to a human.
        """
        touch(session, QUEUE)
        if not _told_before(session, conversation.id, stop, turn_id):
            self._say(session, conversation, "stopped", stop, turn_id, language)
            self._desk.request(session, conversation, "assistant", _reason(stop), turn_id)
            return
        handoff = self._desk.current(session, conversation)
        if handoff is None or handoff.state != QUEUED:
            self._say(session, conversation, "still_stopped", stop, turn_id, language)

    def sentence(self, key: str, topic: str | None, language: str) -> str:
        """What visitors read: `stopped` at first, `still_stopped` where nobody came."""
        extent = "wholly" if topic is None else "topic"
        return copy(f"oversight.{key}_{extent}", language, company=self._settings.company)

    def _say(
        self,
        session: Session,
        conversation: ConversationRow,
        key: str,
        stop: StopRow,
        turn_id: str,
        language: str,
    ) -> None:
        text = self.sentence(key, stop.topic, language)
        buttons = (Button(copy("turn.talk_to_a_human", language), ASK_FOR_HUMAN),) if key == "still_stopped" else ()
        self._outbox.say(session, conversation, Author.SYSTEM, text, buttons=buttons, reply_to=turn_id)

    def _tell(self, session: Session, row: StopRow, what: str, staff: Staff) -> None:
        decision = Decision(
            kind=Kind.STOP,
            conversation_id="",
            visitor_id="",
            turn_id=None,
            outcome=outcome(what, row),
            input={"stop_id": row.id, "topic": row.topic, "reason": row.reason},
            result={"staff": {"id": staff.id, "login": staff.login, "name": staff.name}},
            rule="stop",
            human_involvement=BY_A_PERSON,
            automation_level=BY_A_PERSON,
            outlives_erasure=True,
        )
        self._record(session, decision)


def active(session: Session) -> Sequence[StopRow]:
    """The stops that are on; asked with each message, in its own transaction."""
    return session.scalars(select(StopRow).where(StopRow.ended_at.is_(None)).order_by(StopRow.at)).all()


def wholly(stops: Iterable[StopRow]) -> StopRow | None:
    """The stop of everything among `stops`."""
    return next((stop for stop in stops if stop.topic is None), None)


def covering(stops: Iterable[StopRow], intent: str | None, steps: Iterable[str] = ()) -> StopRow | None:
    """The stop that a message understood as `intent`, or a turn that took these actions, falls under."""
    steps = frozenset(steps)
    return wholly(stops) or next((stop for stop in stops if _holds(stop.topic, intent, steps)), None)


def switched_off(session: Session) -> bool:
    """Whether the assistant is stopped wholly."""
    return wholly(active(session)) is not None


def outcome(what: str, stop: StopRow) -> str:
    """`stopped`, or `stopped:orders` for a topic."""
    return what if stop.topic is None else f"{what}:{stop.topic}"


def newest_first(session: Session, limit: int = 200) -> Sequence[StopRow]:
    """All stops, those that are on before those that have ended."""
    query = select(StopRow).order_by(StopRow.ended_at.is_not(None), StopRow.at.desc()).limit(limit)
    return session.scalars(query).all()


def _holds(topic: str | None, intent: str | None, steps: frozenset[str]) -> bool:
    known = topics().get(topic or "")
    return known is not None and known.holds(intent, steps)


def _told_before(session: Session, conversation_id: str, stop: StopRow, turn_id: str) -> bool:
    """Whether an earlier message of this conversation was answered by this stop: its route is on record."""
    return bool(
        session.scalar(
            select(func.count())
            .select_from(DecisionRow)
            .where(
                DecisionRow.conversation_id == conversation_id,
                DecisionRow.at >= stop.at,
                DecisionRow.kind == Kind.ROUTE,
                DecisionRow.outcome == outcome("stopped", stop),
                DecisionRow.turn_id != turn_id,
            )
        )
    )


def _reason(stop: StopRow) -> str:
    """For the agent: open text, so nothing of the visitor's."""
    return "The assistant is stopped" + (f" for: {title(stop.topic)}" if stop.topic else "")


def title(topic: str | None) -> str:
    """What is stopped, in a word; a topic that is no longer in the project by its name."""
    known = topics().get(topic or "")
    return "Everything" if topic is None else known.title if known else topic
