"""The PDF both the case file and the yearly report are made with."""

import re
import zlib

import pytest

from review.exports import pdf

PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Prov</title></head>
<body><h1>Åtgärder</h1><p>Text</p><img src="{src}" alt="Bild"></body></html>"""
ID = "0" * 32
SECRET = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"


def unpacked(made: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(part) for part in streams if part[:1] == b"x")


def test_a_page_becomes_a_tagged_pdf_twice_the_same_and_reads_nothing_outside_it(tmp_path):
    (tmp_path / "there.svg").write_text(SECRET)
    absent = PAGE.format(src=(tmp_path / "wrong.svg").as_uri())
    first, second = pdf.pdf_of(absent, ID), pdf.pdf_of(absent, ID)
    assert first == second
    assert b"/StructTreeRoot" in unpacked(first)
    assert b"/Lang" in unpacked(first)
    there = pdf.pdf_of(PAGE.format(src=(tmp_path / "there.svg").as_uri()), ID)
    assert len(unpacked(there)) == len(unpacked(first))


def test_a_layout_that_fails_is_told_as_such(monkeypatch):
    monkeypatch.setattr(pdf.sys, "executable", "/bin/false")
    with pytest.raises(pdf.PdfError):
        pdf.pdf_of(PAGE, ID)
