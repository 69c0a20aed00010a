"""The decisions database's tables. Money is whole öre, times are ISO text in UTC, every list of keys is JSON text.

State tables hold what is so now and carry a `version` for optimistic locking; `events` holds every act, reads among
them, in a hash chain that triggers protect (migrations). A decision is never changed: a new one supersedes it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from review.store.entrance import id_column, metadata, version_column

users = Table(
    "users",
    metadata,
    id_column(),
    Column("login", String(200), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("roles", Text, nullable=False),
    Column("password_hash", Text),
    Column("subject", String(300), unique=True),  # who the identity provider says it is
    Column("is_active", Boolean, nullable=False, default=True),
    Column("created_at", String(20), nullable=False),
    version_column(),
)

conflicts = Table(
    "conflicts",
    metadata,
    id_column(),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("payee_ref", String(200), nullable=False, index=True),
    Column("note", Text, nullable=False),
    Column("registered_by", ForeignKey("users.id"), nullable=False),
    Column("registered_at", String(20), nullable=False),
    Column("ended_at", String(20)),
)

items = Table(
    "items",
    metadata,
    id_column(),
    Column("month", String(7), nullable=False),
    Column("payment_id", String(200), nullable=False),
    Column("payee_ref", String(200), nullable=False, index=True),
    Column("arm", String(10), nullable=False),
    Column("amount_ore", BigInteger, nullable=False),
    Column("status", String(20), nullable=False),
    Column("assigned_to", ForeignKey("users.id"), index=True),
    Column("follow_up_on", String(10)),
    Column("case_id", ForeignKey("cases.id"), index=True),
    Column("changed_by", ForeignKey("users.id"), nullable=False),
    Column("changed_at", String(20), nullable=False),
    version_column(),
    UniqueConstraint("month", "payment_id"),
)

decisions = Table(
    "decisions",
    metadata,
    id_column(),
    Column("item_id", ForeignKey("items.id"), nullable=False, index=True),
    Column("verdict", String(30), nullable=False),
    Column("was_worth_looking", Boolean, nullable=False),
    Column("error_ore", BigInteger),
    Column("cause", String(20)),
    Column("intent", String(20)),
    Column("explanation", Text),
    Column("ruled_out", Text),
    Column("note", Text, nullable=False),
    Column("spent_minutes", Integer),
    Column("flag_ids", Text, nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("state", String(12), nullable=False),  # proposed, final, returned, undone, superseded
    Column("decided_by", ForeignKey("users.id"), nullable=False),
    Column("decided_at", String(20), nullable=False),
    Column("confirmed_by", ForeignKey("users.id")),
    Column("confirmed_at", String(20)),
    Column("supersedes_id", ForeignKey("decisions.id")),
    version_column(),
)

cases = Table(
    "cases",
    metadata,
    id_column(),
    Column("payee_ref", String(200), nullable=False, index=True),
    Column("title", String(300), nullable=False),
    Column("state", String(30), nullable=False),
    Column("registry_no", String(100)),
    Column("assessment", String(30)),
    Column("outcome", String(30)),
    Column("responsible", ForeignKey("users.id"), index=True),
    Column("due_on", String(10)),
    Column("is_sensitive", Boolean, nullable=False, default=False),
    Column("opened_by", ForeignKey("users.id"), nullable=False),
    Column("opened_at", String(20), nullable=False),
    Column("changed_by", ForeignKey("users.id"), nullable=False),
    Column("changed_at", String(20), nullable=False),
    Column("closed_at", String(20)),
    version_column(),
)

tasks = Table(
    "tasks",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("due_on", String(10)),
    Column("assigned_to", ForeignKey("users.id")),
    Column("done_at", String(20)),
    Column("done_by", ForeignKey("users.id")),
    version_column(),
)

letters = Table(
    "letters",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(30), nullable=False),
    Column("draft", Text, nullable=False),  # the template as it was; a letter equal to it is not sent
    Column("body", Text, nullable=False),
    Column("written_by", ForeignKey("users.id"), nullable=False),
    Column("written_at", String(20), nullable=False),
    Column("sent_at", String(20)),
    Column("answer_due_on", String(10)),
    Column("answered_at", String(20)),
    Column("answer", Text),
    version_column(),
)

steps = Table(
    "steps",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("from_state", String(30), nullable=False),
    Column("to_state", String(30), nullable=False),
    Column("note", Text, nullable=False),
    Column("state", String(12), nullable=False),  # proposed, final, returned
    Column("proposed_by", ForeignKey("users.id"), nullable=False),
    Column("proposed_at", String(20), nullable=False),
    Column("confirmed_by", ForeignKey("users.id")),
    Column("confirmed_at", String(20)),
    version_column(),
)

measures = Table(
    "measures",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(30), nullable=False),
    Column("demanded_ore", BigInteger),
    Column("recovered_ore", BigInteger),
    Column("note", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("proposed_by", ForeignKey("users.id"), nullable=False),
    Column("proposed_at", String(20), nullable=False),
    Column("confirmed_by", ForeignKey("users.id")),
    Column("confirmed_at", String(20)),
    version_column(),
)

notes = Table(
    "notes",
    metadata,
    id_column(),
    Column("item_id", ForeignKey("items.id"), index=True),
    Column("case_id", ForeignKey("cases.id"), index=True),
    Column("text", Text, nullable=False),
    Column("written_by", ForeignKey("users.id"), nullable=False),
    Column("written_at", String(20), nullable=False),
)

views = Table(
    "views",
    metadata,
    id_column(),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("query", Text, nullable=False),
    UniqueConstraint("user_id", "name"),
)

pauses = Table(
    "pauses",
    metadata,
    id_column(),
    Column("payee_ref", String(200), nullable=False, index=True),
    Column("indicator", String(20), nullable=False),
    Column("until", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("set_by", ForeignKey("users.id"), nullable=False),
    Column("set_at", String(20), nullable=False),
    Column("ended_at", String(20)),
    version_column(),
)

events = Table(
    "events",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", String(20), nullable=False),
    Column("actor", BigInteger),
    Column("kind", String(60), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_events_subject", "subject"),
    Index("ix_events_kind_at", "kind", "at"),
)

anchors = Table(
    "anchors",
    metadata,
    id_column(),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("where", String(200), nullable=False),
    Column("at", String(20), nullable=False),
)

documents = Table(
    "documents",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(30), nullable=False),
    Column("head_seq", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_by", ForeignKey("users.id"), nullable=False),
    Column("made_at", String(20), nullable=False),
    Column("content", LargeBinary),
)
