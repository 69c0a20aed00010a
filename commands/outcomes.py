"""Hand the officers' outcomes to the next run: writes granskningsutfall.csv into the inbox when they changed."""

import argparse

from commands._options import add_settings, settings_of
from fut.errors import StoreError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)


def execute(args: argparse.Namespace) -> int:
    """Write the file; the officers' application does the same every minute while it runs."""
    from review.exports.outcomes import export
    from review.store.database import Store
    from review.web.app import database_url

    settings = settings_of(args)
    store = Store(database_url(settings))
    store.migrate()
    try:
        written = export(store, settings.inbox)
    except OSError as error:
        raise StoreError(f"inbox: cannot be written ({error.strerror})") from None
    finally:
        store.close()
    print("outcomes written to the inbox" if written else "no outcome has changed")
    return 0
