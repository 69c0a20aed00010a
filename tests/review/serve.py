"""Serves the application in a process of its own for tests: `python -m tests.review.serve URL VAR PORT`."""

import sys
from pathlib import Path

import uvicorn
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from fut.settings import Municipality, Settings
from review.store.database import Store
from review.store.schema import items
from review.web.app import create_app
from review.work.decisions import standing


class Server(uvicorn.Server):
    """Says when it answers."""

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        sys.stdout.write("ready\n")
        sys.stdout.flush()


def main(url: str, var: str, port: str) -> None:
    """Serve until killed. `/listed` and `/state` tell without a page what an officer would see on one."""
    settings = Settings(municipality=Municipality("prov", "Provkommun"), sources=(), inbox=Path(var), var=Path(var))
    store = Store(url)
    app = create_app(settings, store)

    def listed(_: Request) -> JSONResponse:
        return JSONResponse(
            [row["payment_id"] for row in app.state.library.shelf().ask("SELECT payment_id FROM listed")]
        )

    def state(request: Request) -> JSONResponse:
        with store.read() as connection:
            of = items.c.payment_id == request.query_params["payment"]
            item = connection.execute(select(items).where(of)).first()
            row = standing(connection, item.id) if item else None
        told = row and {name: getattr(row, name) for name in ("id", "version", "verdict", "state", "decided_by")}
        return JSONResponse({"version": item.version if item else 0, "decision": told})

    app.router.routes[:0] = [Route("/listed", listed), Route("/state", state)]
    Server(uvicorn.Config(app, host="127.0.0.1", port=int(port), log_level="error", lifespan="off")).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
