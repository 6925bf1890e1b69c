"""The tables of the tracker store and the statements on them (SQLite, PostgreSQL)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event
from sqlalchemy.engine import Connection, Engine

METADATA = sa.MetaData()
EVENTS = SQLTrackerStore.SQLEvent.__table__
# PostgreSQL scans the history of a sender without it; SQLite has it in the index.
EVENTS_INDEX = (
    "CREATE INDEX IF NOT EXISTS ix_events_sender_id_id ON events (sender_id, id)"
)
CONVERSATIONS = sa.Table(
    "conversations",
    METADATA,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("consent", sa.Boolean, nullable=False),
    sa.Column("last_used", sa.Float, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),  # since the latest snapshot
    sa.Index("ix_conversations_consent_last_used", "consent", "last_used"),
)
SNAPSHOTS = sa.Table(
    "snapshots",
    METADATA,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("event_id", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
)
# Made once: SQLAlchemy takes longer to put a statement together than SQLite to run it.
SENDER = sa.bindparam("sender")
EVENTS_AFTER = (
    sa.select([EVENTS.c.data])
    .where(sa.and_(EVENTS.c.sender_id == SENDER, EVENTS.c.id > sa.bindparam("event")))
    .order_by(EVENTS.c.id)
)
OLDER_SNAPSHOT = (
    sa.select([SNAPSHOTS.c.event_id])
    .where(SNAPSHOTS.c.sender_id == SENDER)
    .order_by(SNAPSHOTS.c.event_id.desc())
    .offset(1)
    .limit(1)
)
CONVERSATION = (
    sa.select(
        [
            CONVERSATIONS.c.consent,
            CONVERSATIONS.c.last_used,
            CONVERSATIONS.c.turns,
            SNAPSHOTS.c.event_id,
            SNAPSHOTS.c.state,
        ]
    )
    .select_from(
        CONVERSATIONS.outerjoin(
            SNAPSHOTS,
            sa.and_(
                SNAPSHOTS.c.sender_id == CONVERSATIONS.c.sender_id,
                SNAPSHOTS.c.event_id == OLDER_SNAPSHOT.scalar_subquery(),
            ),
        )
    )
    .where(CONVERSATIONS.c.sender_id == SENDER)
)
ADD_SNAPSHOT = SNAPSHOTS.insert().from_select(
    ["sender_id", "event_id", "state"],
    sa.select(
        [
            EVENTS.c.sender_id,
            sa.func.max(EVENTS.c.id),
            sa.bindparam("given", type_=sa.Text),
        ]
    )
    .where(EVENTS.c.sender_id == SENDER)
    .group_by(EVENTS.c.sender_id),
)
NEWEST_SNAPSHOTS = (
    sa.select([SNAPSHOTS.c.event_id])
    .where(SNAPSHOTS.c.sender_id == SENDER)
    .order_by(SNAPSHOTS.c.event_id.desc())
    .limit(sa.bindparam("keep"))
)
DROP_SNAPSHOTS = SNAPSHOTS.delete().where(
    sa.and_(
        SNAPSHOTS.c.sender_id == SENDER,
        SNAPSHOTS.c.event_id.notin_(NEWEST_SNAPSHOTS.scalar_subquery()),
    )
)
BEGIN_TO_COUNT = (
    CONVERSATIONS.update().where(CONVERSATIONS.c.sender_id == SENDER).values(turns=0)
)
FORGOTTEN = sa.and_(
    CONVERSATIONS.c.consent.is_(False),
    CONVERSATIONS.c.last_used < sa.bindparam("unused_since"),
)
TOUCH = (
    CONVERSATIONS.update()
    .where(CONVERSATIONS.c.sender_id == SENDER)
    .values(
        consent=sa.bindparam("agreed"),
        last_used=sa.bindparam("now"),
        turns=CONVERSATIONS.c.turns + sa.bindparam("more"),
    )
)
TURNS = sa.select([CONVERSATIONS.c.turns]).where(CONVERSATIONS.c.sender_id == SENDER)
AT_ONCE = 500  # senders in one DELETE
SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",  # readers never wait
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=1000",  # another process writes for milliseconds
    "PRAGMA secure_delete=ON",  # what is erased is overwritten
)


def prepare(engine: Engine) -> Engine:
    """Makes the tables; gives the engine to use from now on."""
    if _is_sqlite(engine):
        engine = _kept_open(engine)
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.text(EVENTS_INDEX))
    return engine


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _kept_open(engine: Engine) -> Engine:
    """SQLAlchemy opens an SQLite file anew for each statement; this keeps it open."""
    if engine.url.database in (None, "", ":memory:"):
        return engine
    kept = sa.create_engine(
        engine.url,
        poolclass=sa.pool.QueuePool,
        connect_args={"check_same_thread": False},
    )
    sa.event.listen(kept, "connect", _set_up)
    engine.dispose()
    return kept


def _set_up(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    for setting in SQLITE_SETTINGS:
        cursor.execute(setting)
    cursor.close()


def empty_log(engine: Engine) -> None:
    """Takes deleted rows out of SQLite's write-ahead log as well."""
    if _is_sqlite(engine):
        with engine.connect() as connection:
            connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))


def events_after(connection: Connection, sender: str, event_id: int) -> list[str]:
    """The stored events of a sender after one of them, oldest first."""
    values = {"sender": sender, "event": event_id}
    return [data for (data,) in connection.execute(EVENTS_AFTER, values)]


class Conversation(NamedTuple):
    """What is known of a conversation beside its events."""

    consent: bool
    last_used: float
    turns: int  # since the latest snapshot
    base: int | None  # the event of the snapshot to build on: the one before the latest
    state: str | None

    def is_forgotten(self, unused_since: float) -> bool:
        """Whether it may no longer be kept."""
        return not self.consent and self.last_used < unused_since


def conversation(connection: Connection, sender: str) -> Conversation | None:
    """What is known of a sender's conversation; None where nothing is."""
    found = connection.execute(CONVERSATION, {"sender": sender}).first()
    return Conversation(*found) if found else None


def latest_timestamp(connection: Connection, sender: str) -> float | None:
    query = (
        sa.select([EVENTS.c.timestamp])
        .where(EVENTS.c.sender_id == sender)
        .order_by(EVENTS.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def add_events(connection: Connection, sender: str, events: Sequence[Event]) -> None:
    """Stores events in stock's table."""
    if events:
        connection.execute(EVENTS.insert(), [_row(sender, event) for event in events])


def _row(sender: str, event: Event) -> dict[str, object]:
    data = event.as_dict()
    return {
        "sender_id": sender,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def touch(
    connection: Connection, sender: str, *, consent: bool, now: float, turns: int
) -> None:
    """Notes when a conversation was used, whether it may be kept, and its new turns."""
    values = {"sender": sender, "agreed": consent, "now": now, "more": turns}
    if connection.execute(TOUCH, values).rowcount:
        return
    connection.execute(
        CONVERSATIONS.insert().values(
            sender_id=sender, consent=consent, last_used=now, turns=turns
        )
    )


def turns_since_snapshot(connection: Connection, sender: str) -> int:
    return int(connection.execute(TURNS, {"sender": sender}).scalar() or 0)


def add_snapshot(connection: Connection, sender: str, state: str, *, keep: int) -> None:
    """Stores a snapshot after the last event and drops all but the newest `keep`."""
    mine = {"sender": sender}
    connection.execute(ADD_SNAPSHOT, {**mine, "given": state})
    connection.execute(DROP_SNAPSHOTS, {**mine, "keep": keep})
    connection.execute(BEGIN_TO_COUNT, mine)


def forgotten(connection: Connection, unused_since: float) -> list[str]:
    """All conversations that may no longer be kept."""
    query = sa.select([CONVERSATIONS.c.sender_id]).where(FORGOTTEN)
    found = connection.execute(query, {"unused_since": unused_since})
    return [sender for (sender,) in found]


def delete(connection: Connection, senders: Sequence[str]) -> None:
    """Everything of these senders."""
    for start in range(0, len(senders), AT_ONCE):
        some = senders[start : start + AT_ONCE]
        for table in (EVENTS, SNAPSHOTS, CONVERSATIONS):
            connection.execute(table.delete().where(table.c.sender_id.in_(some)))
