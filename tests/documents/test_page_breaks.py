"""A heading and the note under it stand on the page of what they are about."""

from datetime import UTC, datetime

import weasyprint

from questionnaire.documents.fetch import PackagedAssets
from questionnaire.documents.finish import TitlePage
from questionnaire.documents.pdf import lay_out
from questionnaire.documents.proofread import page_texts

NOW = datetime(2026, 11, 25, tzinfo=UTC)
TITLE_PAGE = TitlePage("Words", "Willow Lane Clinic", "en", NOW, "0" * 64, "Test", "Test")
WORDS = {"Heading", "Note", "First"}
PART = """<section id="decision" style="break-before: page"><div style="height: {}mm"></div>
<h2>Heading</h2><p class="quiet note">Note</p>
<table class="facts"><tr><th>First</th><td>row</td></tr></table></section>"""


def test_a_heading_and_its_note_stay_with_the_first_row_of_their_table() -> None:
    parts = "".join(map(PART.format, range(195, 255, 4)))
    page = f'<html lang="en"><head><title>Words</title></head><body>{parts}</body></html>'
    record = weasyprint.Attachment(
        string=b"{}", name="record.json", relationship="Data", url_fetcher=PackagedAssets(),
        created=NOW, modified=NOW,
    )  # fmt: skip
    pages = page_texts(lay_out(page, TITLE_PAGE, [record]))
    told = [{word for word in WORDS if word in text} for text in pages]
    assert [words for words in told if words and words != WORDS] == []
    assert told.count(set()) > 0, "some part went on to the next page"
