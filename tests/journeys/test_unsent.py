"""What staff typed and did not send stays, in however many tabs its page is open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.errors import NotReadable
from questionnaire.domain.visit import Person
from questionnaire.journey.house import House
from questionnaire.journey.unsent import MOST, Boxes, keep_unsent, put_together
from questionnaire.records.drafts import KEPT_FOR, draft_of, forget_old_drafts
from tests.clinics import ADMINISTRATOR, CLINICIAN, Clinic

PAGE = "/staff/visits/a"
BEFORE, FIRST, SECOND = "Begun before", "Ten minutes\n\nof words", "Not this"


class Kept(Protocol):
    """Where the words of one page wait for one person."""

    def stands(self) -> dict[str, object]:
        """What a page shows that is opened now."""

    def keep(self, here: Boxes, knew: Sequence[Boxes]) -> None:
        """What a page tells."""


@dataclass(frozen=True, slots=True)
class InClinic:
    """In the records of a clinic."""

    house: House
    person: Person = CLINICIAN

    def stands(self) -> dict[str, object]:
        """The draft."""
        with self.house.database.read() as tx:
            return dict(draft_of(tx, self.person.id, PAGE))

    def keep(self, here: Boxes, knew: Sequence[Boxes]) -> None:
        """Into the draft."""
        keep_unsent(self.house, self.person, PAGE, here, knew)


@dataclass(slots=True)
class InMemory:
    """Nowhere: put together alone."""

    boxes: Boxes = field(default_factory=dict)

    def stands(self) -> dict[str, object]:
        """The boxes."""
        return dict(self.boxes)

    def keep(self, here: Boxes, knew: Sequence[Boxes]) -> None:
        """Beside the rest."""
        self.boxes = put_together(self.boxes, here, knew)


@dataclass(slots=True)
class Tab:
    """A page that was opened just now, as its script goes on with it (`static/drafts.js`)."""

    kept: Kept
    here: dict[str, object] = field(init=False)
    knew: list[dict[str, object]] = field(init=False)

    def __post_init__(self) -> None:
        self.here = self.kept.stands()
        self.knew = [dict(self.here)] * 2

    def put(self, words: object, box: str = "box", *, reply: bool = True) -> None:
        """Type words into a box, or take all away so that it stands as without a draft."""
        self.here[box] = words
        if words is None:
            del self.here[box]
        self.keep(reply=reply)

    def keep(self, *own: str, reply: bool = True) -> None:
        """Tell what is new, those boxes in any case; the reply may be lost on its way."""
        old = {n for n in self.here if all(one.get(n) == self.here[n] for one in self.knew)}
        anew = old.intersection(own)
        self._tell(
            self.here, [{k: it for k, it in one.items() if k not in anew} for one in self.knew]
        )
        self.knew = [dict(self.here) if reply else self.knew[0], dict(self.here)]

    def send(self, *own: str) -> None:
        """Send a form with these boxes, which is carried out."""
        self.keep(*own)
        self._tell({name: it for name, it in self.here.items() if name not in own}, self.knew)
        self.__post_init__()

    def _tell(self, here: Boxes, knew: Sequence[Boxes]) -> None:
        """Tell of the boxes that are not as they were known."""
        names = {name for one in (here, *knew) for name in one}
        news = {name for name in names if any(one.get(name) != here.get(name) for one in knew)}
        told, *known = [{k: it for k, it in one.items() if k in news} for one in (here, *knew)]
        self.kept.keep(told, known)


@pytest.fixture
def kept(clinic: Clinic) -> InClinic:
    """Where a clinician's words wait in a clinic's records."""
    return InClinic(clinic.house)


def sends_words(tab: Tab) -> None:
    tab.put(SECOND)
    tab.send("box")


MEANWHILE: dict[str, Callable[[Tab], None]] = {
    "idle": Tab.keep,
    "sends another form": lambda tab: tab.send("other"),
    "types in another box": lambda tab: tab.put(SECOND, "other"),
    "types in the same box": lambda tab: tab.put(SECOND),
    "clears the box": lambda tab: tab.put(None),
    "empties the box": lambda tab: tab.put(""),
    "sends the box": lambda tab: tab.send("box"),
    "sends words": sends_words,
}


@pytest.mark.parametrize("is_first", [True, False], ids=["then", "after it"])
@pytest.mark.parametrize("before", [None, BEFORE])
@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_what_was_typed_in_one_tab_stays_whatever_the_other_does(
    kept: InClinic, meanwhile: str, before: str | None, *, is_first: bool
) -> None:
    if before:
        Tab(kept).put(before)
    one, other = Tab(kept), Tab(kept)
    if is_first:
        one.put(FIRST)
    MEANWHILE[meanwhile](other)
    if not is_first:
        one.put(FIRST)
    both = (FIRST, SECOND) if is_first else (SECOND, FIRST)
    found = kept.stands()
    assert found.pop("other", None) == (SECOND if meanwhile == "types in another box" else None)
    in_the_box = "\n\n".join(both) if meanwhile == "types in the same box" else FIRST
    assert found == {"box": in_the_box}


LATE: dict[str, object] = {
    "idle": None,
    "sends another form": None,
    "types in another box": None,
    "types in the same box": SECOND,
    "clears the box": None,
    "empties the box": "",
    "sends the box": None,
    "sends words": None,
}
"""What an older tab, which shows words that were sent meanwhile, does; what then waits there."""


@pytest.mark.parametrize("late", LATE)
def test_no_tab_brings_back_what_was_sent_from_another(kept: InClinic, late: str) -> None:
    one = Tab(kept)
    one.put(FIRST)
    other = Tab(kept)
    one.send("box")
    assert kept.stands() == {}
    MEANWHILE[late](other)
    assert kept.stands().get("box") == LATE[late]


def test_a_form_that_goes_and_is_refused_waits_even_if_another_tab_took_its_words_away(
    kept: InClinic,
) -> None:
    Tab(kept).put(FIRST)
    one, other = Tab(kept), Tab(kept)
    other.put(None)
    one.keep("box")
    assert kept.stands() == {"box": FIRST}
    one.here["box"] = SECOND
    one.keep("box")
    assert kept.stands() == {"box": SECOND}


def test_mending_a_word_beside_those_of_another_tab_heaps_nothing_up(kept: InClinic) -> None:
    one, other = Tab(kept), Tab(kept)
    other.put("Theirs")
    for words in ("No", "Not", "Nut", "Nil", "A nil\n\nand more"):
        one.put(words)
        assert kept.stands() == {"box": f"Theirs\n\n{words}"}
    other.put("Theirs still")
    assert kept.stands() == {"box": "A nil\n\nand more\n\nTheirs still"}
    one.send("box")
    assert kept.stands() == {"box": "Theirs still"}
    other.send("box")
    assert kept.stands() == {}


@pytest.mark.parametrize("came", [True, False])
def test_a_reply_that_is_lost_doubles_no_words_and_loses_none(
    kept: InClinic, *, came: bool
) -> None:
    one = Tab(kept)
    one.put("Not yet")
    one.here["box"] = "Not now"
    if came:
        one.keep(reply=False)
    else:
        one.knew[1] = dict(one.here)
    one.put("Not today")
    assert kept.stands() == {"box": "Not today"}
    one.send("box")
    assert kept.stands() == {}


def test_of_a_tick_the_newer_stays(kept: InClinic) -> None:
    one, other = Tab(kept), Tab(kept)
    one.put(words=True)
    other.put(words=False)
    assert kept.stands() == {"box": False}
    one.put("words", "other")
    assert kept.stands() == {"box": False, "other": "words"}


def test_the_tabs_of_two_people_never_meet(kept: InClinic) -> None:
    administrators = InClinic(kept.house, ADMINISTRATOR)
    Tab(kept).put(FIRST)
    theirs = Tab(administrators)
    theirs.put(SECOND)
    assert (kept.stands(), administrators.stands()) == ({"box": FIRST}, {"box": SECOND})
    theirs.knew = [{"box": FIRST}] * 2
    theirs.send("box")
    assert (kept.stands(), administrators.stands()) == ({"box": FIRST}, {})


def test_a_page_keeps_no_more_than_two_full_ones_and_then_still_what_it_kept(
    kept: InClinic,
) -> None:
    one, other = Tab(kept), Tab(kept)
    full = "ش" * (MOST - 100)
    one.put(full)
    other.put("y" * (MOST - 100))
    before = kept.stands()
    with pytest.raises(NotReadable):
        other.put("z" * 300, "other")
    assert kept.stands() == before


def test_a_week_begins_with_the_last_words_not_with_the_last_look(
    kept: InClinic, clinic: Clinic
) -> None:
    Tab(kept).put(FIRST)
    clinic.clock.forward(KEPT_FOR)
    Tab(kept).keep("box")
    clinic.clock.forward(timedelta(seconds=1))
    with clinic.house.database.write() as tx:
        forget_old_drafts(tx, clinic.clock())
    assert kept.stands() == {}


ACTS = st.sampled_from(["opens", "types", "goes on", "clears", "sends", "hears nothing"])
MANY = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["a", "b"]), ACTS), max_size=25)


def act(tab: Tab, box: str, how: str, word: str) -> None:
    """Do one thing with a box in a tab; `word` is a new one."""
    if how == "goes on":
        tab.put(f"{tab.here.get(box, '')} {word}", box)
    elif how == "sends":
        tab.send(box)
    elif how == "clears":
        tab.put(None, box)
    else:
        tab.put(word, box, reply=how == "types")


@given(MANY)
def test_no_act_takes_words_away_that_its_tab_did_not_know_or_brings_others_back(
    acts: list[tuple[int, str, str]],
) -> None:
    kept = InMemory()
    tabs = [Tab(kept) for _ in range(3)]
    for number, (which, box, how) in enumerate(acts):
        tab, word = tabs[which], f"word-{number}."
        if how == "opens":
            tabs[which] = Tab(kept)
            continue
        before, knew = kept.stands(), [dict(one) for one in (*tab.knew, tab.here)]
        shown = {**tab.here}
        act(tab, box, how, word)
        now = kept.stands()
        for name in ("a", "b"):
            there, here = words(before.get(name)), words(now.get(name))
            known = {it for one in knew for it in words(one.get(name))}
            assert there - known <= here
            assert here <= there | words(shown.get(name)) | {word}
        assert how in {"sends", "clears"} or word in words(now[box])


def words(stands: object) -> set[str]:
    """The words in a box."""
    return set(str(stands or "").split())
