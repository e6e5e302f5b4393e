"""A whole visit written in hostile words: they come out as words, on every page and on paper."""

import html
import io
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from typing import Final

import pikepdf
import pytest

from questionnaire.cli import demo
from questionnaire.cli.invented import PLAN, fill_in
from questionnaire.documents.proofread import text_problems
from questionnaire.domain.answers import Answer
from questionnaire.domain.consent import Method
from questionnaire.domain.definition import AnsweredBy, Kind
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import (
    archiving,
    asking,
    consenting,
    deciding,
    intake,
    noting,
    review_page,
    reviewing,
    signing,
)
from questionnaire.journey.hands import Hand
from questionnaire.journey.sealing import gather_work, seal_visit
from tests.clinics import ARCHIVIST, CLINICIAN, Clinic, Stage
from tests.web.patient.tablet import Page, Tablet
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

pytestmark = pytest.mark.whole

EVIL: Final = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<a rel=attachment href=/etc/hosts>hosts</a>",
    "<svg onload=alert(1)><image href=http://192.0.2.1/a.png></svg>",
    "<object data=file:///etc/passwd></object>",
    "<style>@import url(http://192.0.2.1/b.css)</style>",
    "</textarea></title></style></bdi><iframe src=//192.0.2.1>",
    "{{ 7*191 }}{% raw %}${7*191}#{7*191}",
    '=HYPERLINK("http://192.0.2.1","x")',
    "\uff1d1+1 +1 -1 @SUM(1)",
    "javascript:alert(1)//--></script>",
    "&lt;b&gt; &amp; <b>bold</b> ]]>",
    "שלום مرحبا (abc) 123",
)
"""Mark-up, attachments, pictures, styles, templates, formulas, and words that run the other way."""

NAME: Final = "Eve <script>alert(1)</script> O'Testwell"
NEVER_OURS: Final = frozenset({"img", "object", "iframe", "style", "embed", "image", "b", "base"})


BOXES: Final = (
    *("product", "batch", "areas", "sessions", "interval", "price"),
    *("not_included", "benefit_view", "capacity", "discussed"),
)


class Writer:
    """Hands out hostile words one after another, and remembers what was written."""

    def __init__(self) -> None:
        self._words = cycle(EVIL)
        self.wrote: list[str] = []

    def __call__(self) -> str:
        """The next words."""
        self.wrote.append(next(self._words))
        return self.wrote[-1]


def answer_all(stage_walk: demo.Walk, write: Writer) -> None:
    """The patient answers every page, with hostile words wherever there is a box for words."""
    house, turn = stage_walk.house, stage_walk.turn()
    calm = demo.calm_answers(house.library, turn.visit, house.today())
    form = intake.pages(house, turn)
    page = form.first_open()
    while page is not None:
        here: dict[str, Answer | None] = {}
        for question in (one for one in page.questions if not one.row_by_row):
            is_free = question.kind is Kind.TEXT and question.id != "full_name"
            here[question.id] = write() if is_free else calm.get(question.id)
        rows = {q.id: demo.in_rows(page.rows, calm[q.id]) for q in page.questions if q.row_by_row}
        form = intake.save_page(house, turn, page.id, here, rows, key=stage_walk.key())
        page = form.next_after(page.id)
    asking.keep_worries(house, turn, write(), key=stage_walk.key())
    asking.ask(house, turn, write(), key=stage_walk.key())
    intake.submit(house, turn, key=stage_walk.key())


def decide_all(walk: demo.Walk, write: Writer) -> None:
    """The clinician writes hostile words into every box of the review, and goes ahead."""
    house, visit_id = walk.house, walk.visit.id
    page = review_page.review(house, CLINICIAN, visit_id)
    wanted = frozenset(walk.visit.treatments)
    full = fill_in(house.library, wanted, page.answers, house.today(), AnsweredBy.CLINICIAN)
    own = {one.id: full[one.id] for one in page.clinic_questions}
    reviewing.answer_for_clinic(house, CLINICIAN, visit_id, own, seen=page.seen, key=walk.key())
    page = review_page.review(house, CLINICIAN, visit_id)
    for card in (card for card in page.cards if card.must_settle):
        done = reviewing.Done((), write(), tell=bool(card.tell_patient), confirmed=True)
        reviewing.dispose(
            house, CLINICIAN, visit_id, card.item, done, seen=page.seen, key=walk.key()
        )
    for asked in page.asked:
        noting.reply(house, CLINICIAN, visit_id, asked.number, write(), key=walk.key())
    seen = page.words_seen
    noting.reply_to_words(house, CLINICIAN, visit_id, write(), seen=seen, key=walk.key())
    noting.add_note(house, CLINICIAN, visit_id, "point", write(), key=walk.key())
    plan = replace(
        PLAN,
        treatments=walk.visit.treatments,
        details=tuple((fact, write()) for fact in page.must_state),
        **{box: write() for box in BOXES},
    )
    deciding.save_plan(house, CLINICIAN, visit_id, plan, key=walk.key())
    made = deciding.Made(DecisionKind.PROCEED, write())
    deciding.decide(house, CLINICIAN, visit_id, made, seen=page.seen, key=walk.key())


def sign_both(walk: demo.Walk) -> None:
    """Patient and clinician sign."""
    turn = walk.turn()
    shown = consenting.read_back(walk.house, turn)
    hand = Hand(turn.visit.patient.full_name, Method.DRAWN, demo.INK, agreed=True)
    signing.sign(walk.house, turn, hand, shown_sha256=shown.sha256, key=walk.key())
    ready = signing.to_countersign(walk.house, CLINICIAN, walk.visit.id)
    hand, digest = Hand(CLINICIAN.name, Method.TYPED), ready.document.sha256
    signing.countersign(
        walk.house, CLINICIAN, walk.visit.id, hand, shown_sha256=digest, key=walk.key()
    )


def live(page: str) -> list[str]:
    """What only hostile words could have brought onto a page: elements, handlers, addresses."""
    return [
        f"<{tag} {attrs}>"
        for tag, attrs in Page(page).tags
        if tag in NEVER_OURS
        or (tag == "script" and not attrs.get("nonce"))
        or (tag == "link" and attrs.get("rel") not in {"stylesheet", "icon"})
        or attrs.get("rel") == "attachment"
        or any(name.startswith("on") or name == "srcdoc" for name in attrs)
        or any(attrs.get(name, "/")[:1] not in {"/", "#", ""} for name in ("src", "action"))
        or attrs.get("href", "/").partition(":")[0] in {"javascript", "http", "file", "data"}
    ]


def paper_of(clinic: Clinic, visit_id: str) -> bytes:
    """The sealed document, as the archivist opens it."""
    return archiving.open_consent(clinic.house, ARCHIVIST, visit_id, archiving.Purpose.READ)


def busy_parts(pdf: bytes) -> list[str]:
    """What in a PDF would do something or lead somewhere: actions, scripts, addresses, forms."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        dictionaries = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary)]
        return [
            name
            for each in dictionaries
            for name in ("/URI", "/JS", "/JavaScript", "/Launch", "/AA", "/OpenAction")
            if name in each
        ]


def attached(pdf: bytes) -> set[str]:
    """The names of the files a PDF carries."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return set(opened.attachments)


@pytest.mark.guarantees("S27", "S28")
def test_hostile_words_stay_words_from_the_first_page_to_the_archive(
    clinic: Clinic, at: Callable[..., Stage]
) -> None:
    write = Writer()
    walk = clinic.arrange(name=NAME)
    visit_id = walk.visit.id
    tablet, staff = Tablet(clinic), enter_as(open_door(clinic), Role.CLINICIAN, Role.DESK)
    answer_all(walk, write)
    pages = [staff.read("/waiting"), staff.read(f"/desk/visits/{visit_id}")]
    decide_all(walk, write)
    pages.append(staff.read(f"/visits/{visit_id}"))
    demo.read(walk)
    tablet.start(Stage(clinic, walk))
    pages += [
        tablet.open(path).html for path in ("/you", "/reading", "/your-questions", "/document")
    ]
    sign_both(walk)
    assert seal_visit(clinic.house, visit_id)
    house, how = clinic.house, write()
    accepted = archiving.CopyOutcome.ACCEPTED
    archiving.record_copy(house, ARCHIVIST, visit_id, accepted, how, key=walk.key())
    pages += [staff.read("/archive"), staff.read(f"/archive/{visit_id}"), staff.read("/desk")]
    assert [live(page) for page in pages] == [[]] * len(pages)
    assert str(7 * 191) not in "".join(pages)
    told = " ".join(" ".join(map(html.unescape, pages)).split())
    assert [words for words in write.wrote if words not in told] == []

    pdf, plain = paper_of(clinic, visit_id), at(Station.SEALED)
    assert busy_parts(pdf) == []
    assert attached(pdf) == attached(paper_of(plain.clinic, plain.visit_id))
    with house.database.read() as tx:
        assert text_problems(pdf, gather_work(tx, visit_id).record.canonical) == []
