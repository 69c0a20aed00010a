"""What the migrations make is what the schema says, on both kinds of server; and the log refuses to be changed there."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from review.store.database import Store
from review.store.schema import events, metadata
from tests.review.postgres import server


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    """A migrated empty database."""
    if request.param == "sqlite":
        opened = Store(f"sqlite:///{tmp_path / 'made.sqlite'}")
        opened.migrate()
        yield opened
        opened.close()
    else:
        with server() as url:
            opened = Store(url)
            opened.migrate()
            yield opened
            opened.close()


def test_migrations_make_the_schema_and_protect_the_log(store):
    store.migrate()
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    with store.write() as change:
        assert change.record("prov", "x") == 1
    for act in (events.update().values(kind="annat"), events.delete()):
        with pytest.raises(DBAPIError, match="append-only"), store.write() as change:
            change.connection.execute(act)
