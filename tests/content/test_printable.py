"""No text that people read holds what only its author needs; each slip is named with its place."""

import re
from datetime import date
from pathlib import Path

import pytest

from questionnaire.content import Level
from questionnaire.content.printable import clinic_texts, faults, number_to_call, orders, unlabelled
from questionnaire.content.translation_texts import texts_of
from questionnaire.content.worlds import Found, Worlds
from questionnaire.domain.condition import All, Leaf, Truth
from questionnaire.domain.condition import Test as Operator
from questionnaire.domain.library import Library
from questionnaire.domain.situation import situation
from tests.content.test_checks import change, lay, told

SLIPS = [
    pytest.param(
        "flags/bleeding.yaml",
        "- Prescriber asked",
        "- Prescriber asked, see BL-01",
        "rules/flags/bleeding.yaml:26: flag.BL-02.actions.1 holds the id of a rule, BL-01",
        id="a rule's id",
    ),
    pytest.param(
        "flags/bleeding.yaml",
        "- Prescriber asked",
        "- prescriber asked",
        "rules/flags/bleeding.yaml:26: flag.BL-02.actions.1 begins with a small letter",
        id="a small letter",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "plain_summary: It may help.",
        "plain_summary: It may help with skin_picture.",
        "rules/treatments/prp.yaml:7: treatment.prp.plain_summary holds a key, skin_picture",
        id="a key",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "text: Rest.",
        f"text: Rest {'0f' * 16}.",
        "rules/treatments/prp.yaml:28: treatment.prp.aftercare.1 holds a number of 32 signs or "
        "more",
        id="a database's number",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "text: Allowed.",
        "text: Allowed. No page was read (a gap).",
        "rules/treatments/prp.yaml:35: treatment.prp.legal_status.france.1 holds a note of its "
        "author, “was read”",
        id="a note of its author",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "text: Rest.",
        "text: Ring 999.",
        "rules/treatments/prp.yaml:28: treatment.prp.aftercare.1 names a number to call, “Ring "
        "999”, which is the clinic's own to say",
        id="a number to call",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "text: Rest.",
        "text: Rest. (clinical judgement)",
        "rules/treatments/prp.yaml:28: treatment.prp.aftercare.1 holds a note of its author, "
        "“(clinical judgement)”",
        id="a mark of judgement",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "text: Rest.",
        "text: Rest at 10^9.",
        "rules/treatments/prp.yaml:28: treatment.prp.aftercare.1 has a ^ where a raised figure "
        "belongs",
        id="a power of ten as it is typed",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "text: Allowed.",
        "text: Allowed. Check what is true where you are.",
        "rules/treatments/prp.yaml:35: treatment.prp.legal_status.france.1 bids its reader find "
        "out what its author should tell, “Check what”",
        id="what its author has to find out",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "limits: Small.",
        "limits: The figures in % are small.",
        "rules/treatments/prp.yaml:11: treatment.prp.evidence.1.limits has a % without its figure",
        id="a percent sign alone",
    ),
    pytest.param(
        "treatments/prp.yaml",
        "limits: Small.",
        "limits: Hair was wider by 2.0 (-0.9 to 4.9).",
        "rules/treatments/prp.yaml:11: treatment.prp.evidence.1.limits has an interval that nobody "
        "says is one, “(-0.9 to 4.9)”",
        id="an interval alone",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "problem"), SLIPS)
def test_a_slip_is_named_with_its_place(
    file: str, old: str, new: str, problem: str, tmp_path: Path
) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, file, old, new)
    assert f"{problem}: people read this." in told(rules, Level.PROBLEM)


@pytest.mark.parametrize(
    "words",
    [
        "Call 112 at once.",
        "Please dial the number 997",
        "Llamo al 999",
        "Marque el 061.",
        "أتصل بالرقم 999",
        "اتصلوا على 997",
    ],
)
def test_a_number_to_call_is_found_in_each_language(words: str) -> None:
    assert list(number_to_call(words)) != []


@pytest.mark.parametrize(
    "words",
    [
        "Call us within 48 hours.",
        "Llame a la clínica en 24 horas.",
        "Seen in March 2031.",
        "Visits need a gap of about a month.",
        "Todo el cuero cabelludo.",
        "In 5% of people; 2.5 % in one study.",
        "Platelets under 100; 10 to 12 weeks, B12.",
        "Tell us what you read.",
        "We keep your answers.",
    ],
)
def test_ordinary_words_are_no_slip(words: str) -> None:
    assert [*faults(words), *number_to_call(words)] == []


@pytest.mark.parametrize(
    "words",
    [
        "0.51 (likely 0.23 to 0.80)",
        "Better: +43.5 hairs (-1.4 to 88.4)",
        "Mejor: +43.5 cabellos (de -1.4 a 88.4)",
        "أفضل: 43.5 شعرة (من \u200e-1.4 إلى 88.4)",
        "More hair; 0.58 (likely 0.35 to 0.80)",
        "66.5% against 22.2%",
        "65.3% (and 59.2% on the lower dose)",
        "The trials differ a lot (I2 96%).",
        "Larger in younger people (r -0.56)",
        "Better, p<0.05",
        "A wide spread (over 100).",
        "27.6",
    ],
)
def test_a_figure_of_evidence_says_what_it_is(words: str) -> None:
    for part in ("figure", "limits"):
        assert list(unlabelled(f"treatment.prp.evidence.3.{part}", words)) != []
    assert list(unlabelled("treatment.prp.aims.1", words)) == [], "only studies are told in figures"


@pytest.mark.parametrize(
    "words",
    [
        "Mean gain 27.6 hairs per cm2 (95% CI 14.0 to 41.1); 13 trials, 431 people",
        "+9.1 hairs per cm2 (likely 6.6 to 11.7); satisfaction higher",
        "+9.1 cabellos por cm2 (probable: de 6.6 a 11.7)",
        "11 had a slight gain in count; 2 were visibly better",
        "73.8% satisfied; 10,581 treatments",
        "10 days later: wrinkle depth -10% against +7%",
        "142 to 178 hairs per cm2",
    ],
)
def test_figures_that_say_what_they_are_are_no_slip(words: str) -> None:
    assert list(unlabelled("treatment.prp.evidence.3.figure", words)) == []


LAW = "treatment.prp.legal_status.france.1"


@pytest.mark.parametrize(
    "words",
    [
        "Status depends on the product: check with the MHRA.",
        "There is a ruling. Check what is in force.",
        "Ask which kit is used.",
        "Mixes differ. Please note the maker.",
        "In many places, it counts as a drug.",
        "Hay una sentencia. Compruebe qué está en vigor.",
        "La situación depende del producto: consulte con la MHRA.",
        "En muchos lugares, es una medicina.",
        "اسألوا أي طقم يُستعمل.",
        "صدر حكم في 2012. تحقّقوا مما هو سارٍ.",
        "تُعدّ أجهزة طبية في أماكن كثيرة.",
    ],
)
def test_the_law_of_a_place_bids_nobody_find_out(words: str) -> None:
    assert list(orders(LAW, words)) != []


@pytest.mark.parametrize("words", ["Verify the licence.", "It is a drug. Check what is so there."])
def test_no_text_for_patients_bids_its_author_find_out(words: str) -> None:
    assert list(orders("treatment.prp.summary", words)) != []


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (LAW, "You can ask us which kit is used and which mark it has."),
        (LAW, "يمكنكم أن تسألونا أي طقم يُستعمل."),
        (LAW, "Puede preguntarnos qué equipo se usa."),
        ("treatment.prp.aftercare.1", "Ask us if you are not sure."),
        ("treatment.prp.aftercare.1", "Check your skin each day."),
        ("question.last_inr_number.out_of_range_hint", "Please check your warfarin book."),
        ("treatment.prp.steps.1", "We check the label. Your clinician asks you about it."),
    ],
)
def test_advice_to_the_patient_is_no_slip(key: str, words: str) -> None:
    assert list(orders(key, words)) == []


def test_a_place_whose_law_is_told_needs_its_name(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "treatments/prp.yaml", "  france:", "  frankreich:")
    assert told(rules, Level.PROBLEM) == [
        "rules/treatments/prp.yaml:34: There is no place frankreich."
    ]


OF_OTHERS = {
    r"\bchin fat\b(?! trials)|\bfat[- ]dissolving\b": {"fat_dissolving"},
    r"\bcellulite\b": {"mesotherapy_cellulite", "fat_dissolving"},
    r"\bmesotherapy\b": {"mesotherapy_hair", "mesotherapy_cellulite", "mesotherapy_face"},
    r"\bhair takes\b": {
        "prp_injections",
        "prp_microneedling",
        "prp_adjunct",
        "mesotherapy_hair",
    },
}
"""Words that are about some treatments only."""


@pytest.mark.parametrize("words", OF_OTHERS)
def test_no_rule_tells_a_patient_about_another_treatment_than_theirs(
    library: Library, words: str
) -> None:
    for rule in library.rules:
        if re.search(words, f"{rule.tell_patient} {rule.discuss}", re.IGNORECASE):
            assert rule.treatments, rule.id
            assert rule.treatments <= OF_OTHERS[words], rule.id


OF_ONE_ANSWER = re.compile(
    r"\byou take or took\b|\byou had or have\b|\bor you are not sure\b", re.IGNORECASE
)
"""What is told of one answer and beside it of another, which this patient did not give."""


def test_no_risk_of_ones_own_names_answers_side_by_side_that_rule_each_other_out(
    library: Library,
) -> None:
    assert OF_ONE_ANSWER.search("You take or took tablets.")
    assert [one.id for one in library.rules if OF_ONE_ANSWER.search(one.tell_patient)] == []


SAYS_THAT_IT_IS_GONE = re.compile(
    r"(?<!from )\bnow\b|\bcorrected$|\bwas wrong\b|^Not a true\b"
    r"|\band entered$|\baccepts the wait$",
    re.IGNORECASE,
)


def test_an_action_that_says_that_the_point_is_gone_is_marked_so(library: Library) -> None:
    said = {
        (rule.id, action): action in rule.resolved_by
        for rule in library.rules
        for action in rule.actions
        if SAYS_THAT_IT_IS_GONE.search(action)
    }
    assert [action for action, is_marked in said.items() if not is_marked] == []
    assert {
        ("EX-18", "Patient now accepts several visits"),
        ("LF-05", "Aftercare now possible"),
    } <= {*said}


def test_no_point_is_gone_by_explaining_waiting_or_not_treating(library: Library) -> None:
    stays = re.compile(
        r"^(?:Explained|Rebooked|Delayed|Agreed to wait|Decided not|Not treated|Going ahead)"
    )
    marked = [(rule.id, it) for rule in library.rules for it in rule.resolved_by]
    assert marked
    assert [it for it in marked if stays.search(it[1])] == []


HOLDS_BACK = re.compile(
    r"^(?:decided not|not (?:treated|injected|done)|delayed|rebooked|paused|waiting)\b"
    r"|^(?:prp|needling) not done$|^agreed to (?:wait|stop|try them first)\b|: delayed$",
    re.IGNORECASE,
)


def test_an_action_that_says_not_now_or_never_holds_back_a_decision_to_go_ahead(
    library: Library,
) -> None:
    said = [(rule, action) for rule in library.rules for action in rule.actions]
    unmarked = [
        (rule.id, action)
        for rule, action in said
        if bool(HOLDS_BACK.search(action)) is not (action in rule.holds_back)
    ]
    assert unmarked == []
    assert {("PR-01", "Decided not to treat"), ("GM-24", "Rebooked")} <= {
        (rule.id, action) for rule, action in said if action in rule.holds_back
    }
    assert [rule.id for rule in library.rules if {*rule.holds_back} & {*rule.resolved_by}] == []


OF_ONE_SEX = re.compile(
    r"\bpregnan|\bbreastfe|\bperiods?\b(?! of)|\b(?:had|having) a baby\b|\btrying for a baby\b"
    r"|\bgave birth\b|\bwomen\b",
    re.IGNORECASE,
)
MALE = Leaf("sex_at_birth", Operator.IS, frozenset({"male"}))
OF_A_PARTNER = "HR-22"
"""Asked of men: of a partner's pregnancy."""


def test_no_rule_says_to_a_man_what_is_true_of_women_only(library: Library) -> None:
    told = [
        rule
        for rule in library.rules
        if OF_ONE_SEX.search(f"{rule.title} {rule.tell_patient}") and rule.id != OF_A_PARTNER
    ]
    assert {"PG-01", "HR-09"} <= {rule.id for rule in told}
    for rule in told:
        of_a_man = All((rule.when, MALE))
        worlds = Worlds(
            library.questionnaire, of_a_man, rule.treatments, library.treatments, finished=False
        )
        assert worlds.find(lambda truth: truth is Truth.TRUE) is Found.NO, rule.id


def test_no_question_only_women_can_answer_is_asked_of_a_man(library: Library) -> None:
    questionnaire = library.questionnaire
    asked = {
        key
        for key in situation(
            questionnaire,
            frozenset(library.treatments),
            {"sex_at_birth": "male"},
            date(2031, 3, 4),
        ).asked
        if OF_ONE_SEX.search(questionnaire.questions[key].text)
    }
    assert asked == {"baby_planned_or_partner_pregnant"}


OF_A_STATE = re.compile(
    r"\b(?-i:UK|US|USA|EU|FDA|MHRA|EMA|NHS|GMC|CQC|NICE|GDPR|BAAPS|ANSM|TGA)\b"
    r"|\b(?:united (?:kingdom|states)|england|english|britain|british|scotland|wales|ireland|france"
    r"|french|germany|german|italy|italian|spain|europe|european|india|indian|australian?|american?"
    r"|canadian?)\b",
    re.IGNORECASE,
)
WHERE_IT_WAS_STUDIED = re.compile(
    r"\.evidence\.\d+\.|\.results_picture\.|\.sessions$|^source\.|^place\.|^frequency\."
)
OF_ITS_PLACE = re.compile(r"\.legal_status\.")
FOR_A_CLINICIAN_TO_REWORD = {
    "flag.ID-02.tell_patient",
    "flag.BD-10.tell_patient",
    "flag.BD-10.actions.2",
}
"""They say openly that they are about the United States; another wording changes what is told."""


def test_laws_and_regulators_stand_only_where_the_clinics_place_decides(library: Library) -> None:
    named = {
        key
        for key, words in {**texts_of(library), **dict(clinic_texts(library))}.items()
        if OF_A_STATE.search(words)
        and not WHERE_IT_WAS_STUDIED.search(key)
        and not OF_ITS_PLACE.search(key)
    }
    assert named == FOR_A_CLINICIAN_TO_REWORD
