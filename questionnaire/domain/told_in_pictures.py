"""The pictures a patient reads, ready to show and to keep in the record: counts and words."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from questionnaire.domain.consent_parts import RiskText
from questionnaire.domain.consent_pictures import FindingText, PeopleText, ResultsText
from questionnaire.domain.findings import Finding, Gain, NoGain, ResultsPicture
from questionnaire.domain.how_often import how_often
from questionnaire.domain.language import Say, in_english
from questionnaire.domain.picture_words import (
    DUMMY_TREATMENT,
    Phrases,
    finding_words,
    group_words,
    out_of,
    phrases_in,
    risk_words,
)
from questionnaire.domain.pictures import (
    Group,
    RiskPicture,
    helped_groups,
    page_base,
    risk_picture,
)
from questionnaire.domain.treatment import Band, Risk


def risks_told(risks: Iterable[Risk], say: Say = in_english) -> tuple[RiskText, ...]:
    """The risks of one page, the most frequent first and those nobody counted at the end.

    All pictures have the same number of figures; where not one would be filled there are words.
    """
    told = [(risk, risk_picture(risk.frequency)) for risk in sorted(risks, key=_how_frequent)]
    base = page_base(picture for _, picture in told if picture and picture.fills)
    return tuple(
        _risk(risk, picture.on(base) if picture and picture.fills else picture, say)
        for risk, picture in told
    )


def _how_frequent(risk: Risk) -> int:
    """Its place among the bands, from very common to not known."""
    return list(Band).index(risk.frequency.band)


def results_told(picture: ResultsPicture | None, say: Say = in_english) -> ResultsText | None:
    """What studies found, if the treatment has such a picture."""
    if picture is None:
        return None
    phrases = phrases_in(say)
    return ResultsText(
        picture.measures,
        picture.against,
        tuple(_finding(each, picture.against, phrases) for each in picture.findings),
    )


def _risk(risk: Risk, picture: RiskPicture | None, say: Say) -> RiskText:
    if picture is None:
        words = how_often(risk.frequency, say)
        return RiskText(risk.id, risk.title, words, risk.patient_text)
    phrases = phrases_in(say)
    if not picture.fills:
        return RiskText(risk.id, risk.title, risk_words(picture, phrases), risk.patient_text)
    people = _groups(picture.groups, say(DUMMY_TREATMENT), phrases, group_words)
    return RiskText(risk.id, risk.title, risk_words(picture, phrases), risk.patient_text, people)


def _groups(
    groups: tuple[Group, ...],
    against: str,
    phrases: Phrases,
    words: Callable[[Group, Phrases], str],
) -> tuple[PeopleText, ...]:
    """Groups of people as figures and as words; of two, the second was given `against`."""
    two = (phrases.treatment, phrases.comparison.format(against=against))
    return tuple(
        PeopleText(str(each.base), str(each.filled), str(each.perhaps), words(each, phrases), who)
        for each, who in zip(groups, two if len(groups) > 1 else ("",), strict=True)
    )


def _finding(finding: Finding, against: str, phrases: Phrases) -> FindingText:
    words = finding_words(finding, against, phrases)
    if isinstance(finding, NoGain):
        return FindingText("no_gain", finding.label, words, finding.sources)
    if isinstance(finding, Gain):
        mean, low, high = map(_digits, (finding.mean, finding.low, finding.high))
        return FindingText("gain", finding.label, words, finding.sources, mean, low, high)
    people = _groups(helped_groups(finding), against, phrases, out_of)
    return FindingText("helped", finding.label, words, finding.sources, people=people)


def _digits(figure: Fraction) -> str:
    """A figure as written in the source, such as `27.6`; figures there are short decimals."""
    return f"{float(figure):g}"
