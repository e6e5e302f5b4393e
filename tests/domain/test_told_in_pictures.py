"""What a patient reads beside pictures: the numbers to draw, and the words, from one rate."""

from fractions import Fraction

from questionnaire.domain.consent_parts import RiskText
from questionnaire.domain.consent_pictures import FindingText, PeopleText, ResultsText
from questionnaire.domain.findings import Gain, Helped, NoGain, ResultsPicture
from questionnaire.domain.told_in_pictures import results_told, risks_told
from questionnaire.domain.treatment import Band, Frequency, Rate, Risk


def risk(key: str, rate: Rate | None = None, band: Band = Band.COMMON) -> Risk:
    return Risk(key, key.capitalize(), Frequency(band, rate is not None, "", rate), "It hurts.", ())


def test_what_nobody_counted_has_words_and_no_picture() -> None:
    told = risks_told([risk("lump", band=Band.NOT_KNOWN), risk("itch")])
    assert told == (
        RiskText("itch", "Itch", "Common. The exact number is not known.", "It hurts."),
        RiskText("lump", "Lump", "Nobody has counted how often this happens.", "It hurts."),
    )


def test_what_was_counted_has_a_picture_and_the_same_in_words() -> None:
    (told,) = risks_told([risk("bruise", Rate(Fraction(9), Fraction(23)))])
    words = "9 to 23 out of 100 people had this; 77 to 91 did not."
    assert (told.how_often, told.people) == (words, (PeopleText("100", "9", "14", words),))


def test_a_dummy_treatment_stands_beside_with_its_name() -> None:
    rate = Rate(Fraction(87), Fraction(87), comparison=Fraction(43))
    (told,) = risks_told([risk("swelling", rate)])
    assert told.how_often == (
        "87 out of 100 people had this; 13 did not. "
        "With a dummy treatment: 43 out of 100 people had this; 57 did not."
    )
    assert [(it.filled, it.who) for it in told.people] == [
        ("87", "With the treatment"),
        ("43", "With a dummy treatment"),
    ]


def test_one_rare_risk_gives_every_picture_of_the_page_a_thousand_people() -> None:
    common, rare = risks_told(
        [
            risk("bruise", Rate(Fraction(9), Fraction(9))),
            risk("faint", Rate(Fraction("0.4"), Fraction("0.4"))),
        ]
    )
    assert [(it.people[0].base, it.people[0].filled) for it in (common, rare)] == [
        ("1000", "90"),
        ("1000", "4"),
    ]


def test_a_picture_that_would_fill_no_figure_is_words_alone() -> None:
    rare = Rate(Fraction("0.014"), Fraction("0.014"), people="blood donors")
    common, none = risks_told(
        [risk("artery", rare, Band.RARE), risk("bruise", Rate(Fraction(9), Fraction(9)))]
    )
    assert (none.id, none.people) == ("artery", ())
    assert none.how_often == "14 out of 100,000 blood donors had this; 99,986 did not."
    assert common.people[0].base == "100"


def test_the_most_frequent_comes_first_and_what_nobody_counted_last() -> None:
    mixed = [risk(band.value, band=band) for band in (Band.NOT_KNOWN, Band.RARE, *Band)]
    assert [one.id for one in risks_told(mixed)] == [
        *("very_common", "common", "uncommon", "rare", "rare", "very_rare"),
        *("not_known", "not_known"),
    ]


def test_the_words_can_be_said_in_another_language() -> None:
    (told,) = risks_told([risk("lump", band=Band.NOT_KNOWN)], str.upper)
    assert told.how_often == "NOBODY HAS COUNTED HOW OFTEN THIS HAPPENS."


def test_a_treatment_without_results_has_no_picture_of_them() -> None:
    assert results_told(None) is None


def test_gains_keep_their_figures_as_the_source_wrote_them() -> None:
    picture = ResultsPicture(
        "Extra hairs",
        "a dummy shot",
        (
            Gain("13 trials", Fraction("27.6"), Fraction(14), Fraction("41.1"), ("S2",)),
            NoGain("35 people", ("S8",)),
        ),
    )
    assert results_told(picture) == ResultsText(
        "Extra hairs",
        "a dummy shot",
        (
            FindingText(
                "gain",
                "13 trials",
                "27.6 more than with a dummy shot, on average. "
                "The true average is likely 14 to 41.1.",
                ("S2",),
                "27.6",
                "14",
                "41.1",
            ),
            FindingText("no_gain", "35 people", "No clear difference from a dummy shot.", ("S8",)),
        ),
    )


def test_people_helped_stand_beside_those_with_the_dummy() -> None:
    helped = Helped("US trial", Fraction(70), Fraction("18.6"), ("S74",))
    told = results_told(ResultsPicture("Better chins", "a dummy shot", (helped,)))
    assert told is not None
    (finding,) = told.findings
    assert finding.people == (
        PeopleText("100", "70", "0", "70 out of 100", "With the treatment"),
        PeopleText("100", "19", "0", "about 19 out of 100", "With a dummy shot"),
    )
    assert finding.words == (
        "70 out of 100 people got better. With a dummy shot: about 19 out of 100."
    )
