"""Open the officers' application on this machine, against published months."""

import argparse
import secrets
import signal
import threading
from typing import TYPE_CHECKING

from commands._options import add_settings, settings_of, whole
from fut.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from fut.settings import Settings
    from review.store.database import Store

PORT = 8000
DEMO_PASSWORD = "futvakt exempel"  # noqa: S105
"""Public, for invented data on the loopback address alone."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)
    parser.add_argument(
        "--port", type=whole(1, 65535), default=PORT, help=f"port on the loopback address (default: {PORT})"
    )
    parser.add_argument("--add-user", metavar="LOGIN", help="make an account, print its first password, and end")
    parser.add_argument("--name", help="the new account's name")
    parser.add_argument("--roles", default="officer", help="the new account's roles (default: officer)")


def execute(args: argparse.Namespace) -> int:
    """Serve the application until it is stopped; only this machine can reach it."""
    settings = settings_of(args)
    from review.store.database import Store
    from review.web.app import create_app, database_url
    from review.web.prepare import prepare

    store = Store(database_url(settings))
    store.migrate()
    if args.add_user:
        return _add(store, args)
    if settings.is_demo:
        _demo_accounts(store)
    _require_account(store, settings)
    import uvicorn

    from review.exports.outcomes import keep_exported

    stop = threading.Event()
    exporter = threading.Thread(target=keep_exported, args=(store, settings.inbox, stop), daemon=True)
    exporter.start()
    app = create_app(settings, store)
    threading.Thread(target=prepare, args=(app.state.library,), daemon=True).start()

    # uvicorn stops by itself and then sends itself the signal again, which would end the process before it has tidied
    signal.signal(signal.SIGTERM, lambda *_: None)
    print(f"futvakt: open http://127.0.0.1:{args.port}/ (stop with Ctrl+C)", flush=True)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=args.port,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
    )
    stop.set()
    exporter.join()
    store.close()
    return 0


def _add(store: "Store", args: argparse.Namespace) -> int:
    from review.work.accounts import add
    from review.work.errors import InvalidError

    password = secrets.token_urlsafe(12)
    try:
        with store.write() as change:
            add(change, args.add_user, args.name or args.add_user, args.roles.split(","), password)
    except InvalidError as error:
        raise UsageError(f"--add-user: {'; '.join(f'{k}: {v}' for k, v in error.fields.items())}") from None
    print(f"first password of {args.add_user}: {password}")
    return 0


def _require_account(store: "Store", settings: "Settings") -> None:
    from review.work.accounts import everybody

    with store.read() as connection:
        has_account = any(row.is_active for row in everybody(connection))
    if settings.review.sign_in == "local" and not has_account:
        store.close()
        raise ConfigError("no account can sign in: make one with `fut review --add-user LOGIN --roles admin`")


def _demo_accounts(store: "Store") -> None:
    """Make one account a role for the built-in example, all with the same public password."""
    from review.work.accounts import add, everybody
    from review.work.people import ROLES_SV

    with store.read() as connection:
        there = {row.login for row in everybody(connection)}
    for role, name in ROLES_SV.items():
        if role not in there:
            with store.write() as change:
                add(change, role, f"Exempel {name}", [role], DEMO_PASSWORD)
    if "officer2" not in there:
        with store.write() as change:
            add(change, "officer2", "Exempel Handläggare 2", ["officer"], DEMO_PASSWORD)
    print(f"example accounts: {', '.join([*ROLES_SV, 'officer2'])}; password of all: {DEMO_PASSWORD}")
