"""Questions answered by picking: one, a picture, as many as apply, or row by row."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from questionnaire.documents.pictures import Drawing, answer_picture, has_picture, maps_for
from questionnaire.domain.answers import (
    OWN_WORDS,
    TELL_ROW,
    Answer,
    Choices,
    Slip,
    Withheld,
    choices,
    picture,
    single,
)
from questionnaire.domain.definition import NOT_SURE, Option
from questionnaire.domain.language import to_say
from questionnaire.journey.rows import told_beside_answers
from questionnaire.web.fields import AnswerField, ChoiceShown
from questionnaire.web.mapping import MapShown, maps_shown

_TOLD_BESIDE = to_say(
    "You answered every row and also ticked “{other}”. Take that tick away, or pick “Not sure” in"
    " the rows you would rather talk about."
)
ROW_WORDS = {"yes": to_say("Yes"), "no": to_say("No"), NOT_SURE: to_say("Not sure")}


@dataclass(frozen=True, slots=True)
class RowShown:
    """One line of a list answered Yes / No / Not sure."""

    id: str
    name: str
    text: str
    choices: tuple[ChoiceShown, ...]
    error: str


class ChoiceField(AnswerField):
    """A question answered with tiles; not settling it here is one of the tiles."""

    withheld_apart = False

    @property
    def choices(self) -> tuple[ChoiceShown, ...]:
        """Every tile, in order."""
        values = self.posted.get("", ())
        offered = [(option.id, option.text, option.exclusive) for option in self.question.options]
        offered += [
            (f".{way.value}", self.withheld_words(way), True) for way in self.ways_to_withhold()
        ]
        return tuple(ChoiceShown(key, text, key in values, alone) for key, text, alone in offered)

    def withheld(self) -> Withheld | None:
        """Which of the withholding tiles was chosen."""
        values = self.posted.get("", ())
        offered = reversed(self.ways_to_withhold())
        return next((way for way in offered if f".{way.value}" in values), None)

    def picked(self) -> list[str]:
        """Option ids that were posted; blanks and withholding tiles left out."""
        return [value for value in self.posted.get("", ()) if value and not value.startswith(".")]


class PickOne(ChoiceField):
    """One of several."""

    shape = "one"
    blank = to_say("Pick one answer")

    def given(self) -> Answer | None:
        """The option id."""
        picked = self.picked()
        return single(self.question, picked[0]) if picked else None


class PickPicture(ChoiceField):
    """One of several pictures, each with a number and words."""

    shape = "pictures"
    blank = to_say("Pick the picture that is most like you")

    @property
    def choices(self) -> tuple[ChoiceShown, ...]:
        """Every tile with its picture, where one was drawn."""
        return tuple(replace(each, drawing=self._drawing(each.value)) for each in super().choices)

    def _drawing(self, value: str) -> Drawing | None:
        number = int(value) if value.isdecimal() else -1
        if not has_picture(self.question.id, number):
            return None
        return answer_picture(self.question.id, number, "")

    def given(self) -> Answer | None:
        """The number of the picture."""
        picked = self.picked()
        return picture(self.question, picked[0]) if picked else None

    def ways_to_withhold(self) -> tuple[Withheld, ...]:
        """Nobody has to find themselves in a picture."""
        return tuple(Withheld) if self.question.sensitive else (Withheld.NOT_SURE,)


class TickList(ChoiceField):
    """As many as apply."""

    shape = "several"
    blank = to_say("Tick all that fit")

    @property
    def maps(self) -> tuple[MapShown, ...]:
        """The maps whose regions stand for the options; none for most lists."""
        options = tuple(option.id for option in self.question.options)
        return maps_shown(maps_for(self.question.id), options)

    @property
    def numbered(self) -> frozenset[int]:
        """The places in the list that have a region on a map."""
        return frozenset(region.place for each in self.maps for region in each.regions)

    def given(self) -> Answer | None:
        """The options ticked."""
        picked = self.picked()
        return choices(self.question, picked, ()) if picked else None

    def show(self, answer: Answer) -> dict[str, list[str]]:
        """Every option kept, in a list."""
        return {"": sorted(answer.yes)} if isinstance(answer, Choices) else {}


class RowList(AnswerField):
    """Yes / No / Not sure for each line of a list, or for the slice of it that is on the page.

    `given_rows` holds what was said, by option id. `data` stays None: a list is complete only with
    all its slices, which the journey puts together.
    """

    shape = "rows"
    only: tuple[str, ...] = ()

    def lines(self) -> tuple[Option, ...]:
        """The options on this page; the exclusive one is implied by “No” in every row.

        Saying it to the clinician instead is no line: Yes, No or Not sure is no answer to it.
        """
        return tuple(
            option
            for option in self.question.options
            if not option.exclusive and option is not self.tell and self._is_here(option)
        )

    @property
    def tell(self) -> Option | None:
        """Saying it to the clinician in the list's own words, for lists that have them."""
        own = OWN_WORDS[Withheld.TELL_CLINICIAN]
        return next((option for option in self.question.options if option.id in own), None)

    def _is_here(self, option: Option) -> bool:
        return not self.only or option.id in self.only

    def every_part(self) -> tuple[str, ...]:
        """A dot and the option id for each line."""
        return tuple(f".{option.id}" for option in self.lines())

    @property
    def saved_beside(self) -> tuple[str, ...]:
        """Nothing: a row counts as soon as it is picked."""
        return ()

    def show_rows(self, rows: Mapping[str, str]) -> None:
        """Show what was said before about each line."""
        self.posted |= {f".{option}": [said] for option, said in rows.items()}
        own = [self.tell.id] if self.tell else [f"{it.id}{TELL_ROW}" for it in self.lines()]
        if any(rows.get(row) == "yes" for row in own):
            self.posted[".withheld"] = [Withheld.TELL_CLINICIAN.value]
            self._ask_again()

    def _ask_again(self) -> None:
        """Say at once what stands beside the tick, where the page was left before it was sent."""
        try:
            self.read()
        except Slip as slip:
            self.errors = (slip.said(self.say),)

    @property
    def stands(self) -> dict[str, str]:
        """Each line is a box of its own, and so is saying it to the clinician."""
        return {f"{self.name}.{row}": word for row, word in self.given_rows.items()}

    def take(self, other: AnswerField, names: Collection[str]) -> None:
        """Show what stands in those lines on another form."""
        rows = {name.removeprefix(f"{self.name}.") for name in names}
        here = {f".{option.id}" for option in self.lines() if option.id in rows}
        if rows & {self._tell_row, self.tell.id if self.tell else ""}:
            here.add(".withheld")
        self.posted |= {part: other.posted.get(part, []) for part in here}

    @property
    def _tell_row(self) -> str:
        return f"{self.lines()[0].id}{TELL_ROW}"

    @property
    def given_rows(self) -> dict[str, str]:
        """Option id → yes, no or not_sure, for each line that was answered.

        Who would rather say it to the clinician leaves every other line not sure: each is then a
        point to talk about. The tick itself is kept as a row of its own, whatever the lines say.
        """
        otherwise = NOT_SURE if self.withheld() else ""
        said = {option.id: self.first(f".{option.id}") or otherwise for option in self.lines()}
        given = {option: word for option, word in said.items() if word in ROW_WORDS}
        if self.tell and self._is_here(self.tell) and (otherwise or len(given) == len(said)):
            given[self.tell.id] = "yes" if otherwise else "no"
        elif not self.tell and self.ways_to_withhold():
            given[self._tell_row] = "yes" if otherwise else "no"
        return given

    def read(self) -> Answer | None:
        """None once every line is answered. Raises `Slip`."""
        given = self.given_rows
        if any(option.id not in given for option in self.lines()):
            raise Slip("Pick an answer in every row")
        if told_beside_answers(self.question, given):
            raise Slip(_TOLD_BESIDE, other=self.withheld_words(Withheld.TELL_CLINICIAN))
        return None

    def ways_to_withhold(self) -> tuple[Withheld, ...]:
        """Each row has its own “Not sure”."""
        return (Withheld.TELL_CLINICIAN,) if self.question.sensitive or self.tell else ()

    def withheld_words(self, way: Withheld) -> str:
        """The list's own words, where it has them."""
        return self.tell.text if self.tell else super().withheld_words(way)

    @property
    def rows(self) -> tuple[RowShown, ...]:
        """The lines with their tiles."""
        return tuple(self._row(option, place) for place, option in enumerate(self.lines()))

    def _row(self, option: Option, place: int) -> RowShown:
        said = self.first(f".{option.id}")
        tiles = tuple(
            ChoiceShown(key, self.say(text), key == said) for key, text in ROW_WORDS.items()
        )
        is_open = self.errors and said not in ROW_WORDS
        error = self.say("Pick Yes, No or Not sure") if is_open else ""
        key = self.id if place == 0 else f"{self.id}-{option.id}"
        return RowShown(key, f"{self.name}.{option.id}", option.text, tiles, error)

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """One line in the error summary for each row left open, or for the tick beside them."""
        open_rows = tuple((row.id, f"{row.text}: {row.error}") for row in self.rows if row.error)
        return open_rows or tuple((f"{self.id}-withheld-1", str(it)) for it in self.errors)
