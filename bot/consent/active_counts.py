"""How many consents are in force, for whoever is about to change what they are about."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.consent.states import YES
from bot.core.ids import now
from bot.db.models import ConsentRow


def in_force_by_terms(session: Session) -> Mapping[tuple[str, str], int]:
    """Consents in force by purpose and terms (`Purpose.terms`): each subject's newest event counts, if it is a yes."""
    place = func.row_number().over(
        partition_by=(ConsentRow.subject, ConsentRow.purpose), order_by=(ConsentRow.at.desc(), ConsentRow.id.desc())
    )
    columns = (ConsentRow.purpose, ConsentRow.terms, ConsentRow.state, ConsentRow.valid_until)
    events = select(*columns, place.label("place")).subquery()
    found = select(events.c.purpose, events.c.terms, func.count()).group_by(events.c.purpose, events.c.terms)
    newest_yes = (events.c.place == 1, events.c.state.in_(YES), events.c.valid_until > now())
    return {(purpose, terms): count for purpose, terms, count in session.execute(found.where(*newest_yes))}
