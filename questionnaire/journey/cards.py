"""Flag cards: each point with the patient's own answer, the rule in words, why, and what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from questionnaire.domain.answer_words import withheld_in_words
from questionnaire.domain.flags import Flag, Severity, questions_behind
from questionnaire.domain.library import Library, Source
from questionnaire.domain.reasons import reasons_of, sourced_answer
from questionnaire.domain.review import Disposition, Review, clarify_item, flag_item, unsure_item
from questionnaire.domain.settling import CLARIFY_ACTIONS, needs_words, unsure_actions
from questionnaire.domain.speech import english
from questionnaire.domain.wording import in_words
from questionnaire.journey.standing import Standing


@dataclass(frozen=True, slots=True)
class Card:
    """One point. `kind` is fires, clarify, unsure or broken; `item` names it for a disposition.

    `answers` pairs each question that decided with the patient's answer, of a rule that fires only
    what made it fire. `because` is what is to be said where no answer is; `rule_words` the whole
    rule. `would_change` says what would settle it, `resolved_by` which actions say that the point
    is gone, `holds_back` which that the treatment is not given, or not now. `earlier` is what was
    recorded about it and counts no more, newest first.
    """

    item: str
    kind: str
    severity: str
    title: str
    answers: tuple[tuple[str, tuple[str, ...]], ...]
    because: tuple[str, ...]
    rule_words: tuple[str, ...]
    why: str
    discuss: str
    actions: tuple[str, ...]
    sources: tuple[Source, ...]
    tell_patient: str
    would_change: tuple[str, ...]
    rule_id: str
    waits_for: tuple[str, ...]
    must_settle: bool
    disposition: Disposition | None
    resolved_by: tuple[str, ...] = ()
    holds_back: tuple[str, ...] = ()
    earlier: tuple[Disposition, ...] = ()

    @property
    def is_stop(self) -> bool:
        """Whether it takes a reason and a confirmation: a stop, or one that is not ruled out."""
        return self.kind in {"fires", "clarify"} and self.severity == Severity.STOP

    @property
    def with_one_tap(self) -> tuple[str, ...]:
        """The actions that say all there is to say."""
        return tuple(action for action in self.actions if not needs_words(action))

    @property
    def with_words(self) -> tuple[str, ...]:
        """The actions that promise words."""
        return tuple(action for action in self.actions if needs_words(action))


@dataclass(frozen=True, slots=True)
class Gone:
    """A point that is no longer there, with what was written about it, newest first."""

    title: str
    written: tuple[Disposition, ...]


def gone_points(library: Library, standing: Standing, cards: Iterable[Card]) -> tuple[Gone, ...]:
    """The points without a card about which somebody wrote words."""
    there = {card.item for card in cards}
    written = {
        item: tuple(done for done in _earlier(standing.review, item) if done.words)
        for item in standing.review.earlier
        if item not in there
    }
    return tuple(Gone(_title(library, item), dones) for item, dones in written.items() if dones)


def _title(library: Library, item: str) -> str:
    """What a point was called, as far as the content still knows it."""
    kind, _, key = item.partition(":")
    titles = {rule.id: rule.title for rule in library.rules}
    if kind == "unsure":
        for question in library.questionnaire.questions.values():
            rows = {f"{question.id}.{option.id}": option.text for option in question.options}
            titles |= {question.id: question.text, **rows}
    return titles.get(key, key)


def cards_of(library: Library, standing: Standing) -> tuple[Card, ...]:
    """Every card: broken rules, then by severity, then what to clarify, then not-sure rows."""
    flags = standing.flags
    fired = sorted(flags.fires, key=lambda flag: -flag.rule.severity.weight)
    return (
        *(_broken(library, flag) for flag in flags.broken),
        *(_rule_card(library, standing, flag, "fires") for flag in fired),
        *(_rule_card(library, standing, flag, "clarify") for flag in flags.clarify),
        *_unsure(standing),
    )


def _broken(library: Library, flag: Flag) -> Card:
    return Card(
        item=f"broken:{flag.rule.id}",
        kind="broken",
        severity=flag.rule.severity.value,
        title=f"This rule could not be run: {flag.rule.title}",
        answers=(),
        because=(flag.fault,),
        rule_words=(),
        why=flag.rule.why,
        discuss=flag.rule.discuss,
        actions=(),
        sources=_sources(library, flag),
        tell_patient="",
        would_change=("The rule has to be mended before anybody can go on.",),
        rule_id=flag.rule.id,
        waits_for=(),
        must_settle=True,
        disposition=None,
    )


def _rule_card(library: Library, standing: Standing, flag: Flag, kind: str) -> Card:
    rule, questionnaire = flag.rule, library.questionnaire
    fires = kind == "fires"
    item = flag_item(rule.id) if fires else clarify_item(rule.id)
    waits_for = tuple(questionnaire.questions[key].text for key in flag.waits_for)
    behind = questions_behind(flag, standing.situation)
    return Card(
        item=item,
        kind=kind,
        severity=rule.severity.value,
        title=rule.title,
        answers=tuple(
            _deciding_answers(library, standing, flag)
            if fires
            else _answers(library, standing, behind)
        ),
        because=(),
        rule_words=in_words(rule.when, questionnaire),
        why=rule.why,
        discuss=rule.discuss,
        actions=rule.actions if fires else CLARIFY_ACTIONS,
        sources=_sources(library, flag),
        tell_patient=rule.tell_patient if fires else "",
        would_change=(
            tuple(f"Another answer to: {questionnaire.questions[key].text}" for key in behind)
            if fires
            else tuple(f"An answer to: {text}" for text in waits_for)
        ),
        rule_id=rule.id,
        waits_for=waits_for,
        must_settle=not fires or rule.severity is not Severity.INFO,
        disposition=standing.review.dispositions.get(item),
        resolved_by=rule.resolved_by if fires else (),
        holds_back=rule.holds_back if fires else (),
        earlier=_earlier(standing.review, item),
    )


def _earlier(review: Review, item: str) -> tuple[Disposition, ...]:
    """What is still to be read of a point: earlier words, and what was last done while it is open.

    What a later disposition says in the same words is not said twice.
    """
    newest = review.dispositions.get(item)
    said, found = {"", newest.words if newest else ""}, list[Disposition]()
    for done in reversed(review.earlier.get(item, ())):
        if done.words not in said or not (newest or found):
            found.append(done)
            said.add(done.words)
    return tuple(found)


def _deciding_answers(
    library: Library, standing: Standing, flag: Flag
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in reasons_of(flag.because, standing.situation, english(library)):
        yield one.question, tuple(one.answer.splitlines())


def _answers(
    library: Library, standing: Standing, question_ids: Iterable[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in question_ids:
        one = sourced_answer(key, standing.situation, english(library))
        yield one.question, tuple(one.answer.splitlines())


def _sources(library: Library, flag: Flag) -> tuple[Source, ...]:
    return tuple(library.sources[key] for key in flag.rule.sources)


def _unsure(standing: Standing) -> Iterator[Card]:
    now = standing.situation
    for unsure in standing.flags.unsure:
        question = now.questionnaire.questions[unsure.question]
        row = question.option(unsure.option).text if unsure.option else question.text
        item = unsure_item(unsure.key)
        yield Card(
            item=item,
            kind="unsure",
            severity="",
            title=row,
            answers=((question.text, (withheld_in_words(question, unsure.state),)),),
            because=("The patient did not settle this.",),
            rule_words=(),
            why=question.why_we_ask,
            discuss="Ask again in other words, and record the answer.",
            actions=unsure_actions(question, unsure.option),
            sources=(),
            tell_patient="",
            would_change=(f"An answer to: {question.text}",),
            rule_id="",
            waits_for=(question.text,),
            must_settle=True,
            disposition=standing.review.dispositions.get(item),
            earlier=_earlier(standing.review, item),
        )
