"""The server under load: prints its port and a session token per officer, then serves until killed."""

import socket
import sys
from pathlib import Path

import uvicorn

from fut.settings import Municipality, Settings
from review.access import sessions
from review.store.database import Store
from review.web.app import create_app
from review.web.prepare import prepare
from review.work import accounts


def main(var: Path, officers: int) -> None:
    """Make a decisions database with officers and serve the month in `var`."""
    settings = Settings(municipality=Municipality("bench", "Prov"), sources=(), inbox=var, var=var)
    store = Store(f"sqlite:///{var / 'decisions.sqlite'}")
    store.migrate()
    tokens = []
    for n in range(officers):
        with store.write() as change:
            tokens.append(sessions.begin(change, accounts.add(change, f"o{n}", f"Prov {n}", ["officer"], None)))
    app = create_app(settings, store)
    prepare(app.state.library)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], *tokens, flush=True)
    config = uvicorn.Config(app, log_level="error", lifespan="off", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
