"""The tables of the tracker store and the statements on them (SQLite, PostgreSQL)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

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
AT_ONCE = 500  # senders in one DELETE
SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",  # readers never wait
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=5000",
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
    query = (
        sa.select([EVENTS.c.data])
        .where(sa.and_(EVENTS.c.sender_id == sender, EVENTS.c.id > event_id))
        .order_by(EVENTS.c.id)
    )
    return [data for (data,) in connection.execute(query)]


def older_snapshot(connection: Connection, sender: str) -> tuple[int, str | None]:
    """The snapshot to build on and its event: not the latest but the one before."""
    query = (
        sa.select([SNAPSHOTS.c.event_id, SNAPSHOTS.c.state])
        .where(SNAPSHOTS.c.sender_id == sender)
        .order_by(SNAPSHOTS.c.event_id.desc())
        .offset(1)
        .limit(1)
    )
    found = connection.execute(query).first()
    return (found[0], found[1]) if found else (0, None)


def latest_timestamp(connection: Connection, sender: str) -> float | None:
    query = (
        sa.select([EVENTS.c.timestamp])
        .where(EVENTS.c.sender_id == sender)
        .order_by(EVENTS.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def add_events(
    connection: Connection, sender: str, events: Sequence[Event]
) -> int | None:
    """Stores events in stock's table; the id of the last one."""
    if not events:
        return None
    connection.execute(EVENTS.insert(), [_row(sender, event) for event in events])
    newest = sa.select([sa.func.max(EVENTS.c.id)]).where(EVENTS.c.sender_id == sender)
    return connection.execute(newest).scalar()


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


def touch(connection: Connection, sender: str, *, consent: bool, now: float) -> None:
    """Notes when a conversation was used and whether it may be kept."""
    row = CONVERSATIONS.c.sender_id == sender
    values = {"consent": consent, "last_used": now}
    changed = connection.execute(CONVERSATIONS.update().where(row).values(**values))
    if not changed.rowcount:
        connection.execute(
            CONVERSATIONS.insert().values(sender_id=sender, turns=0, **values)
        )


def count_turns(connection: Connection, sender: str, turns: int) -> int:
    """Adds to the turns since the latest snapshot; gives the sum."""
    row = CONVERSATIONS.c.sender_id == sender
    if turns:
        connection.execute(
            CONVERSATIONS.update()
            .where(row)
            .values(turns=CONVERSATIONS.c.turns + turns)
        )
    return connection.execute(sa.select([CONVERSATIONS.c.turns]).where(row)).scalar()


def add_snapshot(
    connection: Connection, sender: str, event_id: int, state: str, *, keep: int
) -> None:
    """Stores a snapshot after an event and drops all but the newest `keep`."""
    connection.execute(
        SNAPSHOTS.insert().values(sender_id=sender, event_id=event_id, state=state)
    )
    mine = SNAPSHOTS.c.sender_id == sender
    newest = (
        sa.select([SNAPSHOTS.c.event_id])
        .where(mine)
        .order_by(SNAPSHOTS.c.event_id.desc())
        .limit(keep)
    )
    kept = [event for (event,) in connection.execute(newest)]
    old = sa.and_(mine, SNAPSHOTS.c.event_id.notin_(kept))
    connection.execute(SNAPSHOTS.delete().where(old))
    connection.execute(
        CONVERSATIONS.update()
        .where(CONVERSATIONS.c.sender_id == sender)
        .values(turns=0)
    )


def is_forgotten(connection: Connection, sender: str, unused_since: float) -> bool:
    """Whether a conversation may no longer be kept."""
    query = sa.select([CONVERSATIONS.c.sender_id]).where(
        sa.and_(CONVERSATIONS.c.sender_id == sender, _forgotten(unused_since))
    )
    return connection.execute(query).first() is not None


def forgotten(connection: Connection, unused_since: float) -> list[str]:
    """All conversations that may no longer be kept."""
    query = sa.select([CONVERSATIONS.c.sender_id]).where(_forgotten(unused_since))
    return [sender for (sender,) in connection.execute(query)]


def delete(connection: Connection, senders: Sequence[str]) -> None:
    """Everything of these senders."""
    for start in range(0, len(senders), AT_ONCE):
        some = senders[start : start + AT_ONCE]
        for table in (EVENTS, SNAPSHOTS, CONVERSATIONS):
            connection.execute(table.delete().where(table.c.sender_id.in_(some)))


def _forgotten(unused_since: float) -> sa.sql.ColumnElement:
    return sa.and_(
        CONVERSATIONS.c.consent.is_(False), CONVERSATIONS.c.last_used < unused_since
    )
