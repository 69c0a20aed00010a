"""Akten: taken out of a case, which anchors the log's head, and shown again as of any entry."""

import hashlib

from starlette.responses import Response

from review.exports.case_file import CaseFile, made
from review.exports.pdf import PdfError, pdf_of
from review.pages.case import shown
from review.store.schema import anchors, documents
from review.web.ask import Ask
from review.web.routes import action, page
from review.work import cases
from review.work.errors import MissingError
from review.work.people import May

KINDS = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@action("/arende/{id}/akt", may=May.WORK)
def take_out(ask: Ask) -> Response:
    """Make the case file as of now, keep its hash, and anchor the head it names."""
    case_id, kind = ask.number("id"), ask.form.get("kind", "")
    if kind not in KINDS:
        raise MissingError("kind")
    try:
        file = _file(ask, case_id, None)
        content = _bytes(file, kind)
    except PdfError as error:
        return shown(ask, case_id, 503, form="file", problem=str(error))
    digest = hashlib.sha256(content).hexdigest()
    with ask.store.write(ask.user.id) as change:
        cases.case_of(change.connection, ask.user, case_id)
        row = {"case_id": case_id, "kind": kind, "head_seq": file.head_seq, "sha256": digest}
        change.connection.execute(documents.insert().values(**row, made_by=ask.user.id, made_at=change.at))
        anchor = {"seq": file.head_seq, "hash": file.head_hash, "where": f"case file {case_id}", "at": change.at}
        change.connection.execute(anchors.insert().values(**anchor))
        told = {"form": kind, "head_seq": file.head_seq, "head_hash": file.head_hash, "sha256": digest}
        change.record("case.exported", cases.subject(case_id), **told)
        return ask.go(f"/arende/{case_id}", change, f"Akten är gjord till och med post {file.head_seq}.")


@page("/arende/{id}/akt.html", may=May.SEE_PAYMENTS)
def as_html(ask: Ask) -> Response:
    """Answer with the case file as a page."""
    return _shown(ask, "html")


@page("/arende/{id}/akt.pdf", may=May.SEE_PAYMENTS)
def as_pdf(ask: Ask) -> Response:
    """Answer with the case file as PDF."""
    return _shown(ask, "pdf")


def _shown(ask: Ask, kind: str) -> Response:
    case_id, said = ask.number("id"), ask.query.get("head", "")
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        raise MissingError("head")
    file = _file(ask, case_id, int(said))
    try:
        content = _bytes(file, kind)
    except PdfError as error:
        return shown(ask, case_id, 503, form="file", problem=str(error))
    ask.read("case_file", cases.subject(case_id), head_seq=file.head_seq, form=kind)
    name = f"akt-{case_id}-post-{file.head_seq}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=KINDS[kind], headers=headers)


def _file(ask: Ask, case_id: int, head: int | None) -> CaseFile:
    with ask.store.read() as connection:
        cases.case_of(connection, ask.user, case_id)
        return made(connection, ask.library, case_id, head)


def _bytes(file: CaseFile, kind: str) -> bytes:
    return file.html.encode("utf-8") if kind == "html" else pdf_of(file.html, file.identifier)
