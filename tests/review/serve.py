"""Serves the application in a process of its own for tests: `python -m tests.review.serve URL VAR PORT`."""

import sys
from pathlib import Path

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from fut.settings import Municipality, Settings
from review.store.database import Store
from review.web.app import create_app


class Server(uvicorn.Server):
    """Says when it answers."""

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        sys.stdout.write("ready\n")
        sys.stdout.flush()


def main(url: str, var: str, port: str) -> None:
    """Serve until killed."""
    settings = Settings(municipality=Municipality("prov", "Provkommun"), sources=(), inbox=Path(var), var=Path(var))
    app = create_app(settings, Store(url))

    def listed(_: Request) -> JSONResponse:
        return JSONResponse(
            [row["payment_id"] for row in app.state.library.shelf().ask("SELECT payment_id FROM listed")]
        )

    app.router.routes.insert(0, Route("/listed", listed))
    Server(uvicorn.Config(app, host="127.0.0.1", port=int(port), log_level="error", lifespan="off")).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
