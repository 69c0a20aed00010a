"""A real PostgreSQL server for tests, its data in a folder of their own, gone afterwards.

Root runs the server as the user `postgres`, since it refuses to be run by root.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url

NUMBERS = count(1)
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)


def binary(name: str) -> Path | None:
    """Return a program of the server, None when the server is not installed."""
    found = shutil.which(name)
    return next((p / name for p in BINARIES if (p / name).exists()), Path(found) if found else None)


@contextmanager
def server(more: str = "") -> Generator[str]:
    """Start a server on a free port of the loopback address; gives the address of its database. `more` are options."""
    initdb, postgres, ready = (binary(name) for name in ("initdb", "pg_ctl", "createdb"))
    assert initdb, "PostgreSQL is missing: install your system's postgresql package, the store is tried on it"
    assert postgres
    assert ready
    folder = Path(tempfile.mkdtemp(prefix="futvakt-pg"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"

    def call(*command: object) -> None:
        done = subprocess.run([*as_user, *map(str, command)], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-800:]

    try:
        call(initdb, "-D", data, "-A", "trust", "-U", "futvakt", "--no-sync", "-E", "UTF8", "--locale=C")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {more}"
        call(postgres, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        call(ready, "-h", "127.0.0.1", "-p", port, "-U", "futvakt", "futvakt")
        yield f"postgresql+psycopg://futvakt@127.0.0.1:{port}/futvakt"
    finally:
        subprocess.run(
            [*as_user, str(postgres), "-D", str(data), "-m", "immediate", "stop"],
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copied(address: str) -> Generator[str]:
    """Give the address of a copy of a database that nobody is connected to; the copy is gone afterwards."""
    url, name = make_url(address), f"copy{next(NUMBERS)}"
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE {name} TEMPLATE "{url.database}"')
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()
