"""The consent document on paper: made from the frozen record, the same bytes for the same record.

Nothing living is read: the canonical JSON as it was signed, the signatures and the events go in,
one PDF comes out.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Literal

import jinja2
import weasyprint
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration

from questionnaire.documents import fhir
from questionnaire.documents.events import Event
from questionnaire.documents.fetch import PackagedAssets
from questionnaire.documents.finish import TitlePage, finisher, tidy
from questionnaire.documents.page import Values, install_filters, page_values
from questionnaire.documents.proofread import RECORD_FILE
from questionnaire.documents.tagging import teach_tags
from questionnaire.documents.text_layer import teach_text
from questionnaire.documents.words import FONTS
from questionnaire.domain.consent import Signature, as_json
from questionnaire.domain.language import ENGLISH, Language, Say, in_english

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
VARIANT = "pdf/a-3a"
COLOURS = "srgb-packaged"
PROGRAM = "Candour"
ENGINE = f"WeasyPrint {weasyprint.__version__}"

State = Literal["draft", "final"]


def render(
    canonical: bytes,
    signatures: Sequence[Signature],
    events: Sequence[Event],
    *,
    state: State = "final",
    language: Language = ENGLISH,
    say: Say = in_english,
) -> bytes:
    """Lay the document out; it still wants sealing.

    Args:
        canonical: the record's canonical JSON, attached as it is.
        signatures: none while the document is read back, the patient's and the clinician's after.
        events: the audit page, oldest first.
        state: `draft` prints that nothing is signed or sealed.
        language: the one the record was read in.
        say: puts the document's own words into that language.
    """
    values = page_values(canonical, signatures, events, language=language, say=say)
    page = _environment().get_template("pdf/document.html").render(**values, state=state)
    moment = max(
        [each.at for each in signatures]
        or [datetime.fromisoformat(values["record"]["times"]["reviewed_at"])]
    )
    title_page = TitlePage(
        title=values["title"],
        author=values["record"]["clinic"]["name"],
        language=values["record"]["language"],
        moment=moment,
        fingerprint=values["fingerprint"],
        program=PROGRAM,
        engine=ENGINE,
    )
    with _collector_resting():
        return tidy(lay_out(page, title_page, _attachments(canonical, values, signatures, moment)))


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install_filters(environment)
    return environment


@lru_cache(maxsize=1)
def _print_style() -> tuple[weasyprint.CSS, FontConfiguration]:
    """The print style with its fonts, read once for the life of the process."""
    fonts = FontConfiguration()
    style = weasyprint.CSS(
        string=(TEMPLATES / "pdf" / "print.css").read_text(encoding="utf-8"),
        base_url=f"{FONTS.as_uri()}/",
        url_fetcher=PackagedAssets(),
        font_config=fonts,
    )
    return style, fonts


@lru_cache(maxsize=1)
def _colour_profile() -> bytes:
    packaged = Path(weasyprint.__file__).parent / "pdf" / "sRGB2014.icc"
    return packaged.read_bytes()


def lay_out(
    page: str, title_page: TitlePage, attachments: Sequence[weasyprint.Attachment]
) -> bytes:
    """The pages of an HTML text in the print style, with its attachments; not yet tidy."""
    teach_text()
    teach_tags()
    style, fonts = _print_style()
    rgb = (["r"], ["g"], ["b"])
    profile = ColorProfile(BytesIO(_colour_profile()), "sRGB2014.icc", "relative-colorimetric", rgb)
    document = weasyprint.HTML(string=page, url_fetcher=PackagedAssets()).render(
        stylesheets=[style],
        font_config=fonts,
        color_profiles={COLOURS: profile},
        output_intent=COLOURS,
        pdf_variant=VARIANT,
    )
    document.metadata.attachments.clear()
    pdf: bytes = document.write_pdf(
        finisher=finisher(title_page),
        attachments=list(attachments),
        output_intent=COLOURS,
        pdf_identifier=title_page.fingerprint.encode(),
        pdf_variant=VARIANT,
        uncompressed_pdf=True,
    )
    return pdf


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Layout makes many small things that live to its end; collecting meanwhile costs a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _attachments(
    canonical: bytes, values: Values, signatures: Sequence[Signature], moment: datetime
) -> list[weasyprint.Attachment]:
    """What travels inside the file, by name."""
    record = values["record"]
    files = {
        "fhir-consent.json": (
            "Consent (HL7 FHIR R4)",
            fhir.consent(record, canonical, values["signed_at"]),
        ),
        "fhir-questionnaire-response.json": (
            "Answers (HL7 FHIR R4)",
            fhir.questionnaire_response(record),
        ),
        RECORD_FILE: ("The record that was signed (RFC 8785)", canonical),
        "signatures.json": ("The signatures on the record", fhir.written(as_json(signatures))),
    }
    return [
        weasyprint.Attachment(
            string=content,
            name=name,
            description=description,
            created=moment,
            modified=moment,
            relationship="Data",
            url_fetcher=PackagedAssets(),
        )
        for name, (description, content) in sorted(files.items())
    ]
