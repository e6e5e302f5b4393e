"""A document loads packaged fonts and pictures in its own words, and nothing else (S28)."""

import logging
from pathlib import Path

import pytest
import weasyprint

from questionnaire.documents.fetch import PackagedAssets
from questionnaire.documents.words import FONTS

EVIL = """
<link rel=attachment href="file:///etc/passwd"><link rel=stylesheet href="http://192.0.2.1/x.css">
<img src="http://192.0.2.1/a.png"><img src="file:///etc/hostname">
<a rel=attachment href="/etc/hosts">
<style>@import url(http://192.0.2.1/b.css); body { background: url(ftp://192.0.2.1/c) }</style>
<object data="file:///etc/passwd"></object><svg><image href="http://192.0.2.1/d.png"/></svg>
"""


@pytest.mark.guarantees("S28")
def test_unescaped_html_reaches_nothing_and_attaches_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "weasyprint")
    fetcher = PackagedAssets()
    pdf = weasyprint.HTML(string=EVIL, url_fetcher=fetcher, base_url="file:///").write_pdf()
    assert len(fetcher.refused) >= 6
    assert b"/EmbeddedFile" not in pdf
    assert b"root:" not in pdf


@pytest.mark.parametrize(
    "address",
    [
        "http://192.0.2.1/font.woff2",
        "https://fonts.example/font.woff2",
        "ftp://192.0.2.1/font.woff2",
        "file:///etc/passwd",
        f"{FONTS.as_uri()}/../clinic.css",
        f"{FONTS.as_uri()}/%2e%2e/clinic.css",
        f"{FONTS.as_uri()}/noto-sans-OFL.txt",
        f"file://elsewhere{FONTS}/noto-sans-latin-400-normal.woff2",
        "data:text/html,<script>",
        "data:application/pdf;base64,JVBERg==",
        "static/fonts/noto-sans-latin-400-normal.woff2",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    fetcher = PackagedAssets()
    with pytest.raises(ValueError, match="Only packaged fonts"):
        fetcher.fetch(address)
    assert fetcher.refused == [address]


def test_a_link_out_of_the_fonts_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "secret.ttf").write_bytes(b"secret")
    (tmp_path / "fonts" / "sly.ttf").symlink_to(tmp_path / "secret.ttf")
    with pytest.raises(ValueError, match="Only packaged fonts"):
        PackagedAssets(tmp_path / "fonts").fetch((tmp_path / "fonts" / "sly.ttf").as_uri())


def test_packaged_fonts_and_pictures_in_the_page_are_given() -> None:
    fetcher = PackagedAssets()
    font = FONTS / "noto-sans-latin-400-normal.woff2"
    assert fetcher.fetch(font.as_uri()).read() == font.read_bytes()
    assert fetcher.fetch("data:image/svg+xml,%3Csvg/%3E").read() == b"<svg/>"
