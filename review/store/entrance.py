"""What every table of the decisions database has in common, and the tables of signing in: sessions and attempts.

The rest is in `review.store.schema`, which is to be imported where all tables must be known.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String, Table, Text

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)


def id_column() -> Column:
    """Return a numbering primary key."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def version_column() -> Column:
    """Return the column that optimistic locking counts up."""
    return Column("version", Integer, nullable=False, default=1)


sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", String(20), nullable=False),
    Column("seen_at", String(20), nullable=False),
    Column("message", Text),  # said once, on the next page
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("onward", Text, nullable=False),
    Column("at", String(20), nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    id_column(),
    Column("key", String(300), nullable=False, index=True),
    Column("at", String(20), nullable=False),
)
