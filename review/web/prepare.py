"""What is done before the first visitor comes, so that nobody waits for it."""

import gc
from contextlib import suppress

from fut.errors import FutError
from reporting import words
from review.shelf.library import Library
from review.shelf.records import indicators
from review.web.templates import environment


def prepare(library: Library) -> None:
    """Lay out the published months, read the contracts' Swedish names and compile the pages; takes seconds."""
    pages = environment()
    for name in pages.list_templates(extensions=["html"]):
        pages.get_template(name)
    words.column_label("amount_sek")
    library.prepare()
    with suppress(FutError):
        shelf = library.shelf()
        if shelf:
            indicators(shelf)
    gc.collect()
    gc.freeze()  # what is read by now stays until the end: no later search for what is left over walks through it
