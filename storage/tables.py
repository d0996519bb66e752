"""The tables of the facts. The workspace (`team`) is part of every key.

Moments are whole microseconds since 1970 in UTC (`storage.moments`): one comparable type on both
databases. A handover is one document beside the few columns that are searched; everything that is
looked up across handovers has a narrow table of its own, written in the same transaction.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TEAM = String(40)
ID = String(64)
SERIAL = BigInteger().with_variant(Integer, "sqlite")

handovers = Table(
    "handovers",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("id", ID, primary_key=True),
    Column("account", String(200), nullable=False),
    Column("account_key", String(200), nullable=False),
    Column("name_key", String(200), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("book", ID),
    Column("version", Integer, nullable=False),
    Column("due_at", BigInteger),
    Column("playbook", ID, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("required", Integer, nullable=False),
    Column("short", Integer, nullable=False),
    Column("shape", Integer, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_handovers_account_key", "team", "account_key"),
    Index("ix_handovers_name_key", "team", "name_key"),
    Index(
        "ix_handovers_book",
        "team",
        "book",
        sqlite_where=text("book IS NOT NULL"),
        postgresql_where=text("book IS NOT NULL"),
    ),
    Index(
        "ix_handovers_closed",
        "updated_at",
        sqlite_where=text("stage IN ('complete', 'cancelled', 'discarded')"),
        postgresql_where=text("stage IN ('complete', 'cancelled', 'discarded')"),
    ),
    Index(
        "ix_handovers_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

books = Table(
    "books",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("id", ID, primary_key=True),
    Column("stage", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_pending", Boolean, nullable=False),
    Column("shape", Integer, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Index(
        "ix_books_pending",
        "team",
        "id",
        sqlite_where=text("is_pending"),
        postgresql_where=text("is_pending"),
    ),
)

book_people = Table(
    "book_people",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("person", ID, primary_key=True),
    Column("book", ID, primary_key=True),
    ForeignKeyConstraint(["team", "book"], ["books.team", "books.id"]),
)

vaults = Table(
    "vaults",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("shape", Integer, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("document", Text, nullable=False),
    ForeignKeyConstraint(["team", "handover"], ["handovers.team", "handovers.id"]),
)

journal = Table(
    "journal",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("aggregate", String(10), primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("by", ID, nullable=False),
    Column("type", String(40), nullable=False),
    Column("shape", Integer, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("chain", String(64), nullable=False),
    Column("payload", Text),
    Column("state", String(64), nullable=False, server_default=text("''")),
)

participants = Table(
    "participants",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("person", ID, primary_key=True),
    Column("handover", ID, primary_key=True),
    ForeignKeyConstraint(["team", "handover"], ["handovers.team", "handovers.id"]),
)

tasks = Table(
    "tasks",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("aggregate", String(10), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("owner", ID, nullable=False),
    Column("todo", String(40), nullable=False),
    Column("subject", ID, nullable=False),
    Column("due", String(10), nullable=False),
    Column("is_new", Boolean, nullable=False, server_default=text("true")),
    ForeignKeyConstraint(["team", "handover"], ["handovers.team", "handovers.id"]),
    Index("ix_tasks_owner", "team", "owner"),
    Index(
        "ix_tasks_new",
        "team",
        "handover",
        sqlite_where=text("is_new"),
        postgresql_where=text("is_new"),
    ),
)

reminders = Table(
    "reminders",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("aggregate", String(10), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("person", ID, primary_key=True),
    Column("about", String(10), nullable=False),
    Column("since", String(10), nullable=False),
    Column("day", String(10)),
    Column("look_at", BigInteger),
    Column("told_on", String(10)),
    Column("snoozed", Integer, nullable=False),
    ForeignKeyConstraint(
        ["team", "handover", "aggregate", "key"],
        ["tasks.team", "tasks.handover", "tasks.aggregate", "tasks.key"],
        ondelete="CASCADE",
    ),
    Index(
        "ix_reminders_person",
        "team",
        "person",
        "look_at",
        sqlite_where=text("look_at IS NOT NULL"),
        postgresql_where=text("look_at IS NOT NULL"),
    ),
    Index(
        "ix_reminders_told",
        "team",
        "person",
        "told_on",
        sqlite_where=text("told_on IS NOT NULL"),
        postgresql_where=text("told_on IS NOT NULL"),
    ),
    Index(
        "ix_reminders_look",
        "team",
        "look_at",
        "person",
        sqlite_where=text("look_at IS NOT NULL"),
        postgresql_where=text("look_at IS NOT NULL"),
    ),
)

absences = Table(
    "absences",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("person", ID, primary_key=True),
    Column("first", String(10), primary_key=True),
    Column("last", String(10), primary_key=True),
    ForeignKeyConstraint(["team", "handover"], ["handovers.team", "handovers.id"]),
    Index("ix_absences_person", "team", "person"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("question", ID, primary_key=True),
    Column("segment", String(20), nullable=False),
    ForeignKeyConstraint(["team", "handover"], ["handovers.team", "handovers.id"]),
)

wishes = Table(
    "wishes",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("person", ID, primary_key=True),
    Column("frequency", String(20), nullable=False),
    Column("stopped_until", String(10)),
)

digest_lines = Table(
    "digest_lines",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("line", Text, nullable=False),
    Column("alarm", Text, nullable=False),
    ForeignKeyConstraint(["team", "handover"], ["handovers.team", "handovers.id"]),
)

digest_readers = Table(
    "digest_readers",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("person", ID, primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("leads", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["team", "handover"],
        ["digest_lines.team", "digest_lines.handover"],
        ondelete="CASCADE",
    ),
    Index("ix_digest_readers_handover", "team", "handover"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("team", TEAM, nullable=False),
    Column("key", String(250), nullable=False),
    Column("handover", ID, nullable=False),
    Column("person", ID, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", ID, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Column("claimed_by", ID),
    Column("claimed_at", BigInteger),
    Column("stamped_at", BigInteger),
    Column("done_at", BigInteger),
    Column("channel", ID),
    Column("ts", String(32)),
    Column("error", String(200)),
    Column("failures", Integer, nullable=False),
    Column("cause", String(16), nullable=False, server_default=""),
    UniqueConstraint("team", "key"),
    Index(
        "ix_outbox_pending",
        "id",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_outbox_dead",
        "team",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
    sqlite_autoincrement=True,
)

posts = Table(
    "posts",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("key", String(250), primary_key=True),
    Column("handover", ID, nullable=False),
    Column("person", ID, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", ID, nullable=False),
    Column("channel", ID, nullable=False),
    Column("ts", String(32), nullable=False),
    Column("thread_ts", String(32), nullable=False),
    Column("shown", Integer, nullable=False),
    Column("stale_since", BigInteger),
    Column("edit_after", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),
    Index("ix_posts_place", "team", "channel", "ts"),
    Index("ix_posts_person", "team", "handover", "person", "kind", "subject"),
    Index("ix_posts_thread", "team", "channel", "thread_ts"),
    Index(
        "ix_posts_stale",
        "edit_after",
        sqlite_where=text("stale_since IS NOT NULL"),
        postgresql_where=text("stale_since IS NOT NULL"),
    ),
)

disturbances = Table(
    "disturbances",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("person", ID, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("key", String(250), nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("team", "key"),
    Index("ix_disturbances_at", "at"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("ix_receipts_at", "at"),
)

people = Table(
    "people",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("user", ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("tz", String(64), nullable=False),
    Column("home_team", TEAM, nullable=False),
    Column("is_admin", Boolean, nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("is_stranger", Boolean, nullable=False),
    Column("is_gone", Boolean, nullable=False),
    Column("channel", ID),
    Column("country", String(2)),
    Column("updated_at", BigInteger, nullable=False),
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("document", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("chain", String(64), nullable=False, server_default=text("''")),
)

forgettings = Table(
    "forgettings",
    metadata,
    # Only while somebody is being forgotten: afterwards nothing tells who an alias was.
    Column("team", TEAM, primary_key=True),
    Column("person", ID, primary_key=True),
    Column("alias", ID, nullable=False),
    Column("names", Text, nullable=False),
    Column("by", ID, nullable=False),
    Column("since", BigInteger, nullable=False),
)

forgotten_workspaces = Table(
    "forgotten_workspaces",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("by", ID, nullable=False),
    Column("at", BigInteger, nullable=False),
)

playbooks = Table(
    "playbooks",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("hash", ID, primary_key=True),
    Column("content", Text, nullable=False),
)

strays = Table(
    "strays",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("channel", ID, primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("person", ID, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("said", Text, nullable=False),
    Column("handover", ID),
)

corrections = Table(
    "corrections",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("channel", ID, primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("edited", String(32), primary_key=True),
    Column("person", ID, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
)

canvases = Table(
    "canvases",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("handover", ID, primary_key=True),
    Column("canvas", ID, nullable=False),
)

canvas_readers = Table(
    "canvas_readers",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("canvas", ID, primary_key=True),
    Column("person", ID, primary_key=True),
)

messages = Table(
    "messages",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("id", ID, primary_key=True),
    Column("person", ID, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("piece", Text, nullable=False),
    Index("ix_messages_at", "at"),
)

replicas = Table(
    "replicas",
    metadata,
    Column("id", ID, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
)

installations = Table(
    "installations",
    metadata,
    # A workspace (T…), or an organisation (E…) for any of its workspaces.
    Column("owner", TEAM, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("app", ID, nullable=False),
    Column("bot_user", ID, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("installed_by", ID, nullable=False),
    Column("installed_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("refreshing_until", BigInteger, nullable=False),
    Column("sealed_with", String(16), nullable=False),
    Column("sealed", Text, nullable=False),
    Index(
        "ix_installations_expires",
        "expires_at",
        sqlite_where=text("expires_at IS NOT NULL"),
        postgresql_where=text("expires_at IS NOT NULL"),
    ),
)

org_teams = Table(
    "org_teams",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("owner", TEAM, nullable=False),
    Index("ix_org_teams_owner", "owner"),
)

departures = Table(
    "departures",
    metadata,
    Column("team", TEAM, primary_key=True),
    Column("since", BigInteger, nullable=False),
)

install_states = Table(
    "install_states",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("browser", String(64), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_install_states_expires", "expires_at"),
)

schema_serves = Table(
    "schema_serves",
    metadata,
    Column("oldest", String(32), primary_key=True),
)
