"""Loading mails: headers, bodies, replies, attachments, encodings, and mails that are broken or made to harm."""

from __future__ import annotations

import base64
import datetime
import time
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load
from tests.test_loading import assert_canonical, assert_loads_or_says_why

LINES = "From: Ana Loor <ana@example.org>\nTo: luis@example.org\nDate: Fri, 30 Sep 2022 23:15:00 -0500\nSubject: Ports"
HEAD = "".join(f"{line}\r\n" for line in LINES.split("\n")).encode()


def mail(rest: bytes, head: bytes = HEAD) -> Loaded:
    loaded = load("note.eml", head + rest)
    assert_canonical(loaded)
    return loaded


def part(kind: str, body: bytes, *headers: str) -> bytes:
    lines = "".join(f"{line}\r\n" for line in (f"Content-Type: {kind}", *headers))
    return b"--b\r\n" + lines.encode() + b"\r\n" + body + b"\r\n"


def parts(kind: str, *inner: bytes, boundary: bytes = b"b") -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="'.encode() + boundary + b'"\r\n\r\n'
    return head + b"".join(inner).replace(b"--b\r\n", b"--" + boundary + b"\r\n") + b"--" + boundary + b"--\r\n"


def test_who_when_and_what_come_first_then_the_words() -> None:
    loaded = mail(b"X-Other: no\r\n\r\nHello,\r\n\r\nthe words.\r\n\r\n> quoted\r\n> reply\r\n")
    assert loaded.text == f"{LINES}\n\nHello,\n\nthe words.\n\n> quoted\n> reply"
    assert (loaded.title, loaded.details.author, loaded.details.media_type) == ("Ports", "Ana Loor", "message/rfc822")
    assert loaded.details.published == datetime.date(2022, 9, 30)


def test_headers_are_decoded_whatever_they_are_in() -> None:
    head = (
        b"\xef\xbb\xbfsubject: =?utf-8?B?UG9sw60=?=\r\n =?utf-8?Q?tica_de?= =?iso-8859-1?q?_M=E9xico?= today\r\n"
        b'FROM: =?koi8-r?B?6dfBzg==?= <a@x.org>, "Loor, Ana" <b@x.org>\r\n'
        b"Cc: Jos\xc3\xa9 <c@x.org>, =?no-such?Q?d?= =?utf-8?B?!!!?=\r\nTo: undisclosed\r\nDate: yesterday\r\n"
    )
    loaded = mail(b"\r\nWords", head)
    assert loaded.title == "Política de México today"
    assert 'From: Иван <a@x.org>, "Loor, Ana" <b@x.org>\n' in loaded.text
    assert "Cc: José <c@x.org>, d" in loaded.text
    assert loaded.details.author == "Иван, Loor, Ana"
    assert loaded.details.published is None


def test_a_letter_cut_in_two_between_two_encoded_words_is_whole() -> None:
    one, two = (base64.b64encode(piece).decode() for piece in ("aé".encode()[:2], "é".encode()[1:] + b"b"))
    assert mail(b"\r\nx", f"Subject: =?utf-8?B?{one}?= =?utf-8?B?{two}?=\r\n".encode()).title == "aéb"


@pytest.mark.parametrize(
    ("headers", "body", "words"),
    [
        ("Content-Type: text/plain; charset=iso-8859-1", b"Se\xf1al", "Señal"),
        ("Content-Type: text/plain; charset=us-ascii", "Señal".encode(), "Señal"),
        ("Content-Type: text/plain; charset=no-such", "Señal".encode(), "Señal"),
        ("Content-Type: text/plain", "La Señora García habló de la producción.".encode("cp1252"), "La Señora García"),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable", b"Se=C3=B1al =\r\nA", "Señal A"),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", b"U2XDsWFs", "Señal"),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", b"not base64 at all!", ""),
        ("Content-Type: text/html; charset=koi8-r", "<p>Мир".encode("koi8-r"), "Мир"),
        ("Content-Type: text/html", "<meta charset=cp1251><p>Мир".encode("cp1251"), "Мир"),
        ("Content-Type: multipart/mixed", b"No boundary", "No boundary"),
    ],
)
def test_bodies_are_decoded_whatever_they_are_in(headers: str, body: bytes, words: str) -> None:
    assert mail(headers.encode() + b"\r\n\r\n" + body).text.startswith(f"{LINES}\n\n{words}".strip())


def test_lines_that_flow_are_joined_and_others_kept() -> None:
    flowed = mail(b"Content-Type: text/plain; format=flowed\r\n\r\nOne \r\ntwo\r\n>  q \r\n> r\r\n-- \r\nAna\r\n").text
    assert flowed.endswith("One two\n>  q r\n--\nAna")
    assert mail(b"\r\nKind regards,\r\nAna Loor").text.endswith("Kind regards,\nAna Loor")


def test_of_two_forms_the_plain_one_is_read_unless_it_only_points_to_the_other() -> None:
    html = part("text/html", b"<h1>Head</h1><p style='display:none'>preheader</p>" + b"<p>Words in HTML</p>" * 9)
    plain = part("text/plain", b"Words in plain text, as long as they are in the other form. " * 3)
    assert "HTML" not in mail(parts("alternative", plain, html)).text
    assert "HTML" not in mail(parts("alternative", html, plain)).text
    loaded = mail(parts("alternative", part("text/plain", b"See it online"), html))
    assert loaded.text.startswith(f"{LINES}\n\nHead\n\nWords in HTML")
    assert "preheader" not in loaded.text
    assert [section.heading for section in loaded.sections] == ["Head"]
    assert loaded.title == "Ports"
    assert "Words in HTML" in mail(parts("alternative", part("text/plain", b" \r\n"), html)).text


def test_attachments_are_handed_on_with_safe_names_and_pictures_in_the_mail_are_not() -> None:
    page = part("text/html", b"<p>See <img src=cid:x></p>") + part("image/png", b"PNG", "Content-ID: <x>")
    related = parts("related", page, boundary=b"c")
    loaded = mail(
        parts(
            "mixed",
            b"--b\r\n" + related,
            part("application/pdf", b"JVBERg==", "Content-Transfer-Encoding: base64",
                 "Content-Disposition: attachment; filename*=UTF-8''se%C3%B1al.pdf"),
            part("text/plain", b"note", 'Content-Disposition: attachment; filename="../../=?utf-8?Q?a=C3=B1o?=.txt"'),
            part("text/csv", b"a,b", 'Content-Disposition: attachment; filename="C:\\\\x\\\\t.csv"'),
            part("application/octet-stream", b"?", 'Content-Disposition: attachment; filename="t.csv"'),
            part("image/jpeg", b"JPEG", "Content-Disposition: inline; filename=logo.jpg"),
            part("image/jpeg", b"JPEG", "Content-Disposition: attachment; filename=map.jpg"),
            part("application/pkcs7-signature", b"sig", "Content-Disposition: attachment; filename=smime.p7s"),
            part("text/plain", b"The list's footer"),
        )
    )  # fmt: skip
    assert [(one.name, one.data) for one in loaded.attachments] == [
        ("señal.pdf", b"%PDF"), ("año.txt", b"note"), ("t.csv", b"a,b"), ("t (2).csv", b"?"), ("map.jpg", b"JPEG"),
    ]  # fmt: skip
    assert loaded.text == (
        f"{LINES}\nAttachments: señal.pdf, año.txt, t.csv, t (2).csv, map.jpg\n\nSee\n\nThe list's footer"
    )


def test_an_attached_mail_is_handed_on_whole() -> None:
    inner = b"From: eva@example.org\r\nSubject: =?utf-8?Q?A=C3=B1o/2?=\r\n\r\nFrom here on, words.\r\n"
    loaded = mail(parts("mixed", part("text/plain", b"See below"), part("message/rfc822", inner)))
    assert [one.name for one in loaded.attachments] == ["Año-2.eml"]
    handed_on = load("Año-2.eml", loaded.attachments[0].data)
    assert handed_on.text == "From: eva@example.org\nSubject: Año/2\n\nFrom here on, words."


def test_a_report_on_a_mail_is_read_with_its_fields() -> None:
    status = part("message/delivery-status", b"Reporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n")
    assert mail(parts("report", part("text/plain", b"Undelivered"), status)).text == (
        f"{LINES}\n\nUndelivered\n\nReporting-MTA: dns; x\n\nAction: failed\nStatus: 5.1.1"
    )


def test_old_ways_to_write_a_name_are_known() -> None:
    assert mail(b"\r\nx", b"From: ana@x.org (Ana Loor)\r\n").details.author == "Ana Loor"
    assert mail(b"\r\nx", b"From: <ana@x.org>\r\n").details.author == "ana@x.org"


def test_a_mail_of_headers_alone_is_one() -> None:
    assert mail(b"\r\n").text == LINES
    assert mail(b"").text == LINES
    assert mail(b"\r\nWords", b"From: a@x.org\r\n").title == "note"


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"", UnsupportedFile, "no mail"),
        (b"Just some words\n\nand more", UnsupportedFile, "no mail"),
        (b"%PDF-1.7", UnsupportedFile, "PDF"),
        (HEAD + parts("encrypted", part("application/pgp-encrypted", b"Version: 1"),
                      part("application/octet-stream", b"----BEGIN")), UnreadableFile, "encrypted"),
        (HEAD + b"Content-Type: application/pkcs7-mime\r\n\r\nMIIB", UnreadableFile, "encrypted"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(data: bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        load("note.eml", data)


def nested(depth: int) -> bytes:
    heads = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(depth))
    return HEAD + heads + b"Content-Type: text/plain\r\n\r\nend"


@pytest.mark.parametrize("depth", [100, 5_000])
def test_parts_within_parts_without_end_are_refused(depth: int) -> None:
    with pytest.raises(UnreadableFile, match=r"note\.eml holds .* deep"):
        load("note.eml", nested(depth))


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"To: " + b"a@x.org, " * 100_000 + b"\r\n\r\nend",
        b"From: " + b"(" * 200_000 + b"\r\n\r\nend",
        b"From: " + b'"' * 200_000 + b"\r\n\r\nend",
        b"Subject: " + b"=?utf-8?Q?a?= " * 50_000 + b"\r\n\r\nend",
        b"Subject: " + b"=?" * 200_000 + b"\r\n\r\nend",
        HEAD + b"Content-Type: text/plain; " + b"a*0=b; " * 20_000 + b"\r\n\r\nend",
        HEAD + b"\r\n" + b"> " * 500_000 + b"end",
    ],
    ids=range(7),
)  # fmt: skip
def test_endless_headers_are_read_in_seconds(data: bytes) -> None:
    started = time.process_time()
    assert load("note.eml", data).text.endswith("end")
    assert time.process_time() - started < 20


def test_what_the_library_writes_is_read() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Åsa Ölund <a@example.org>", "Très long sujet " * 10
    message.set_content("Ett brev med å, ä och ö.\n")
    message.add_alternative("<p>Ett brev</p>", subtype="html")
    message.add_attachment(b"data", maintype="application", subtype="pdf", filename="bilaga å.pdf")
    loaded = load("note.eml", message.as_bytes())
    assert loaded.title == ("Très long sujet " * 10).strip()
    assert loaded.details.author == "Åsa Ölund"
    assert "Ett brev med å, ä och ö." in loaded.text
    assert loaded.attachments[0].name == "bilaga å.pdf"


PIECES = st.sampled_from(
    [b"From: a <b@c.d>\r\n", b"Subject: x\r\n", b"Content-Type: ", b"multipart/mixed; boundary=b\r\n", b"--b\r\n",
     b"--b--\r\n", b"\r\n", b"text/html; charset=\"\r\n", b"message/rfc822\r\n", b"multipart/alternative",
     b"; boundary=b", b"Content-Transfer-Encoding: ", b"base64\r\n", b"x-uuencode\r\n", b"begin 6 x\n", b"\xff",
     b"quoted-printable\r\n", b"Content-Disposition: attachment; filename*0*=x''%ff; filename*1=\r\n", b"=?utf-8?B?",
     b"?=", b"<p>", b"=", b"\x00", b"name*=", b"''", b"text/plain; format=flowed\r\n", b"Date: Mon, 99\r\n",
     b"charset*=utf-8''%zz\r\n", b" ", b"From "]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(PIECES, max_size=30))
@example(pieces=[b"Subject: x\r\n", b"Content-Type: ", b"message/rfc822\r\n", b"\r\n"])
def test_any_mail_gives_text_or_an_error_of_ours(pieces: list[bytes]) -> None:
    assert_loads_or_says_why("note.eml", b"Subject: s\r\n" + b"".join(pieces))
