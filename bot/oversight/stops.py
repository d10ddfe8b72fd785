"""An operator stops the assistant, wholly or for one topic. Takes effect with the next message, in every process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict
from bot.core.i18n import copy
from bot.core.ids import new_id, now
from bot.core.messages import Author, Button
from bot.core.settings import Settings
from bot.db import touch
from bot.db.models import ConversationRow, StopRow
from bot.db.rows import add, find_or_refuse
from bot.db.stopped import active, wholly
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.handoff import Handoffs, State
from bot.messaging import Outbox
from bot.messaging.pubsub import QUEUE
from bot.oversight.rasa_project import RasaProject, Topic
from bot.oversight.repository import stops as repository
from bot.staff import Staff

ASK_FOR_HUMAN = "/request_human"
"""What the button for a human sends, in every channel."""

__all__ = ["ASK_FOR_HUMAN", "Stops", "active", "outcome", "wholly"]


class Stops:
    """Begins and ends stops, and answers visitors while one is on. The topics are those of the project's domain."""

    def __init__(
        self, settings: Settings, outbox: Outbox, recorder: Recorder, handoffs: Handoffs, project: RasaProject
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._recorder = recorder
        self._handoffs = handoffs
        self._project = project

    def topics(self) -> Sequence[Topic]:
        return tuple(self._project.topics().values())

    def title(self, topic: str | None) -> str:
        """What is stopped, in a word; a topic that is no longer in the project by its name."""
        known = self._project.topics().get(topic or "")
        return "Everything" if topic is None else known.title if known else topic

    def covering(self, stops: Iterable[StopRow], intent: str | None, steps: Iterable[str] = ()) -> StopRow | None:
        """The stop that a message understood as `intent`, or a turn that took these actions, falls under."""
        stops, steps, topics = tuple(stops), frozenset(steps), self._project.topics()
        known = ((stop, topics.get(stop.topic or "")) for stop in stops)
        return wholly(stops) or next((stop for stop, topic in known if topic and topic.holds(intent, steps)), None)

    def start(self, session: Session, staff: Staff, topic: str | None, reason: str) -> tuple[StopRow, bool]:
        """Stop the assistant for `topic`, or wholly. Gives the stop, and whether it is new.

        Raises:
            BadRequest: there is no such topic, or it cannot be stopped alone.
        """
        topics = self._project.topics()
        if topic is not None and topic not in topics:
            names = ", ".join(topics)
            raise BadRequest(f"Choose one of these topics, or none to stop everything: {names}.", code="topic_unknown")
        on = next((stop for stop in active(session) if stop.topic == topic), None)
        if on is not None:
            return on, False
        row = StopRow(id=new_id("stp"), topic=topic, reason=reason, at=now(), by_id=staff.id)
        add(session, row)
        self._record(session, row, "stopped", staff)
        return row, True

    def end(self, session: Session, staff: Staff, stop_id: str) -> StopRow:
        """The assistant answers again, from the next message on.

        Raises:
            NotFound: there is no such stop.
            Conflict: `already_ended`.
        """
        row = find_or_refuse(session, StopRow, stop_id, "There is no such stop.", lock=True)
        if row.ended_at is not None:
            raise Conflict("This stop has ended already.", code="already_ended")
        row.ended_at, row.ended_by = now(), staff.id
        self._record(session, row, "resumed", staff)
        return row

    def answer(
        self, session: Session, conversation: ConversationRow, stop: StopRow, turn_id: str, language: str
    ) -> None:
        """Answer a message instead of the assistant: a true sentence and the desk's queue, both once for each stop.

        Later messages only reach the desk's list; a visitor who no longer waits is told how to reach a human.
        """
        touch(session, QUEUE)
        first = not repository.has_answered(session, conversation.id, stop, outcome("stopped", stop), turn_id)
        handoff = self._handoffs.current(session, conversation)
        if not first and handoff is not None and handoff.state == State.QUEUED:
            return
        text = self.sentence("stopped" if first else "still_stopped", stop.topic, language)
        buttons = () if first else (Button(copy("turn.talk_to_a_human", language), ASK_FOR_HUMAN),)
        self._outbox.say(session, conversation, Author.SYSTEM, text, buttons=buttons, reply_to=turn_id)
        if first:
            # The reason is stored in clear: nothing of the visitor's may be in it.
            reason = "The assistant is stopped" + (f" for: {self.title(stop.topic)}" if stop.topic else "")
            self._handoffs.request(session, conversation, "assistant", reason, turn_id)

    def sentence(self, key: str, topic: str | None, language: str) -> str:
        """What visitors read: `stopped` at first, `still_stopped` where nobody came."""
        extent = "wholly" if topic is None else "topic"
        return copy(f"oversight.{key}_{extent}", language, company=self._settings.company)

    def _record(self, session: Session, row: StopRow, what: str, staff: Staff) -> None:
        decision = Decision.by_person(
            Kind.STOP,
            "",
            "",
            outcome(what, row),
            input={"stop_id": row.id, "topic": row.topic, "reason": row.reason},
            result={"staff": staff.as_record()},
            rule="stop",
        )
        self._recorder.record(session, decision)


def outcome(what: str, stop: StopRow) -> str:
    """`stopped`, or `stopped:orders` for a topic."""
    return what if stop.topic is None else f"{what}:{stop.topic}"
