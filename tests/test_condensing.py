from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Answer
from assistant.condensing import RuleCondenser
from assistant.condensing.mentions import mentions
from tests.turns import turn


def condense(asked: str, history: tuple[Answer, ...]) -> str:
    return RuleCondenser().condense(asked, history).standalone


INMATES = "How many inmates were killed in 2021?"
PROSECUTORS = "How many prosecutors were murdered in Guayaquil in 2022?"
REXHEPI = "When was Dritan Rexhepi arrested?"


@pytest.mark.parametrize(
    ("previous", "asked", "standalone"),
    [
        # Dates.
        (INMATES, "And in 2022?", "How many inmates were killed in 2022?"),
        (INMATES, "What about 2020?", "How many inmates were killed in 2020?"),
        (INMATES, "And in March?", "How many inmates were killed in March 2021?"),
        (INMATES, "And the first half of the year?", "How many inmates were killed in the first half of 2021?"),
        (INMATES, "And the first half?", "How many inmates were killed in the first half of 2021?"),
        (INMATES, "What about between 2018 and 2020?", "How many inmates were killed between 2018 and 2020?"),
        (INMATES, "And since 2020?", "How many inmates were killed since 2020?"),
        (INMATES, "How about last year?", "How many inmates were killed last year?"),
        (INMATES, "In 2020?", "How many inmates were killed in 2020?"),
        ("How many were killed last year?", "And in 2019?", "How many were killed in 2019?"),
        ("How many were killed in March 2021?", "And in April?", "How many were killed in April 2021?"),
        ("How many were killed on 3 March 2021?", "And on 5 April?", "How many were killed on 5 April 2021?"),
        ("Who won the 2021 election?", "And in 2017?", "Who won the 2017 election?"),
        (
            "How many bombings were recorded in Ecuador between January and August 2022?",
            "And in 2021?",
            "How many bombings were recorded in Ecuador in 2021?",
        ),
        (
            "How many bombings were recorded in the first eight months of 2022?",
            "And in the whole of 2021?",
            "How many bombings were recorded in the whole of 2021?",
        ),
        ("How many died in all of 2021?", "And in the last weeks of 2022?", "How many died in the last weeks of 2022?"),
        (
            "In which month of 2021 was emergency rule imposed in Ecuador?",
            "And in 2022?",
            "In which month of 2022 was emergency rule imposed in Ecuador?",
        ),
        # Names.
        (PROSECUTORS, "What about Manabí?", "How many prosecutors were murdered in Manabí in 2022?"),
        (PROSECUTORS, "Manabí?", "How many prosecutors were murdered in Manabí in 2022?"),
        (PROSECUTORS, "And how many in Manabí?", "How many prosecutors were murdered in Manabí in 2022?"),
        (PROSECUTORS, "And Serbia and Albania?", "How many prosecutors were murdered in Serbia and Albania in 2022?"),
        ("Who is the president of Ecuador?", "And Colombia?", "Who is the president of Colombia?"),
        (
            "What was Ecuador's rank in the Global Organized Crime Index of 2021?",
            "What about Albania?",
            "What was Albania's rank in the Global Organized Crime Index of 2021?",
        ),
        (
            "What share of the drugs was found in the province of Guayas?",
            "What about Esmeraldas?",
            "What share of the drugs was found in the province of Esmeraldas?",
        ),
        ("Where does Los Choneros operate?", "And Los Lobos?", "Where does Los Lobos operate?"),
        # Peoples.
        ("How many Albanians were killed in Ecuador?", "And the Serbs?", "How many Serbs were killed in Ecuador?"),
        ("What did the Albanians smuggle?", "And the Serbs?", "What did the Serbs smuggle?"),
        # Numbers, and what belongs to a name.
        ("What is the sentence for 10 kilos?", "And for 20 grams?", "What is the sentence for 20 grams?"),
        ("Who are the top 5 traffickers?", "And the top 10?", "Who are the top 10 traffickers?"),
        (REXHEPI, "What about his brother?", "When was Dritan Rexhepi's brother arrested?"),
        # Several parts.
        (PROSECUTORS, "And in Manabí in 2021?", "How many prosecutors were murdered in Manabí in 2021?"),
        # No like part: added at the end.
        (INMATES, "And in prisons?", "How many inmates were killed in 2021 in prisons?"),
        (INMATES, "And guards?", "How many inmates were killed in 2021, and guards?"),
        ("What led to the riots?", "And in May 2021?", "What led to the riots in May 2021?"),
        (
            "What happened to the citizen of Kosovo?",
            "And the Serbs?",
            "What happened to the citizen of Kosovo, and the Serbs?",
        ),
    ],
)
def test_a_fragment_takes_the_place_of_its_like_part(previous: str, asked: str, standalone: str) -> None:
    assert condense(asked, (turn(previous),)) == standalone


@pytest.mark.parametrize(
    ("previous", "quote", "asked", "standalone"),
    [
        ("Who is Kapetan?", None, "When did he come to Ecuador?", "When did Kapetan come to Ecuador?"),
        (REXHEPI, None, "Who is his lawyer?", "Who is Dritan Rexhepi's lawyer?"),
        (REXHEPI, None, "Where did they take him?", "Where did they take Dritan Rexhepi?"),
        (
            "Why was Commander Estela Robayo replaced?",
            None,
            "Who replaced her?",
            "Who replaced Commander Estela Robayo?",
        ),
        (
            "Why was Commander Estela Robayo replaced?",
            None,
            "Who got her post?",
            "Who got Commander Estela Robayo's post?",
        ),
        (
            "Who runs the Adriatic cell?",
            "The cell is run by Kapetan.",
            "When did he arrive?",
            "When did Kapetan arrive?",
        ),
        ("Who was arrested?", "Rexhepi was arrested in Quito.", "When did he escape?", "When did Rexhepi escape?"),
        ("What is Ameripol?", None, "When was it founded?", "When was Ameripol founded?"),
        ("What is Ameripol?", None, "Where is its seat?", "Where is Ameripol's seat?"),
        ("Where do Los Choneros operate?", None, "Who leads that group?", "Who leads Los Choneros?"),
        ("Where do Los Choneros operate?", None, "Who is their leader?", "Who is Los Choneros' leader?"),
        (
            "What led to the closure of the pilot in Lima?",
            None,
            "Who was its coordinator?",
            "Who was the pilot in Lima's coordinator?",
        ),
        (
            "How many bombings were recorded in Guayaquil?",
            None,
            "Were any of them claimed?",
            "Were any of the bombings claimed?",
        ),
        ("What is throat cancer?", None, "Is it treatable?", "Is throat cancer treatable?"),
        (
            "What are the origins of popular music?",
            None,
            "What are its characteristics?",
            "What are popular music's characteristics?",
        ),
        ("What are makos' adaptations?", None, "What do they eat?", "What do makos eat?"),
        ("What is a state of exception?", None, "How long may it last?", "How long may a state of exception last?"),
        ("What causes acidic reflux?", None, "Is it harmful?", "Is acidic reflux harmful?"),
        ("Can anemia go away?", None, "How is it treated?", "How is anemia treated?"),
        ("Tell me about Blue whales.", None, "Where do they live?", "Where do Blue whales live?"),
        (
            "What happened in the Milgram experiment?",
            None,
            "Why was it important?",
            "Why was the Milgram experiment important?",
        ),
        # What is compared with, or where something is, is less likely meant.
        (
            "How does Netflix compare to Blockbuster?",
            None,
            "When was it founded?",
            "When was Netflix founded?",
        ),
        # A people is no thing, but its language is.
        ("How can I begin learning Norwegian?", None, "Is it hard?", "Is Norwegian hard?"),
        ("What did the Albanians bring?", None, "Is it legal?", "Is it legal (the Albanians)?"),
    ],
)
def test_a_pronoun_takes_the_last_fitting_name(previous: str, quote: str | None, asked: str, standalone: str) -> None:
    assert condense(asked, (turn(previous, quote),)) == standalone


def test_what_the_answer_marked_goes_before_other_names_of_its_quote() -> None:
    quote = "Judge Mora said that Elvira Sarango was the head of the unit under Pablo Ruiz."
    history = (turn("Who is the head of the unit?", quote, highlight="Elvira Sarango"),)
    assert condense("Where was she trained?", history) == "Where was Elvira Sarango trained?"


def test_a_name_is_looked_for_further_back_and_declined_turns_count() -> None:
    history = (turn("Who is Kapetan?"), turn("What is money laundering?"))
    assert condense("Where was he born?", history) == "Where was Kapetan born?"


def test_a_conversation_of_several_turns_keeps_its_thread() -> None:
    history: tuple[Answer, ...] = ()
    for asked, standalone in (
        ("How many inmates were killed in Ecuador's prisons in 2021?",) * 2,
        ("And in 2022?", "How many inmates were killed in Ecuador's prisons in 2022?"),
        ("And in Colombia?", "How many inmates were killed in Colombia's prisons in 2022?"),
        ("Why?", "Why were inmates killed in Colombia's prisons in 2022?"),
    ):
        found = condense(asked, history)
        assert found == standalone
        history += (turn(found),)


@pytest.mark.parametrize(
    ("previous", "asked", "standalone"),
    [
        (REXHEPI, "Why?", "Why was Dritan Rexhepi arrested?"),
        (REXHEPI, "By whom?", "By whom (Dritan Rexhepi arrested)?"),
        (INMATES, "Why?", "Why were inmates killed in 2021?"),
        (INMATES, "Who?", "Who (inmates were killed in 2021)?"),
        ("Is Rexhepi in Spain?", "Since when?", "Since when is Rexhepi in Spain?"),
        ("Who heads the working group on safety?", "Why?", "Why (heads the working group on safety)?"),
        ("What is anemia?", "What are the symptoms?", "What are the symptoms (anemia)?"),
        # With a noun of its own it takes a name alone, but none that only says where.
        (
            "Was the Stanford Experiment ethical?",
            "What are the findings?",
            "What are the findings (the Stanford Experiment)?",
        ),
        ("How many bombings were recorded in Quito?", "Who paid?", "Who paid (bombings were recorded in Quito)?"),
        ("Are effects known?", "Are causes known?", "Are causes known (effects known)?"),
    ],
)
def test_a_question_too_short_takes_the_words_of_the_last(previous: str, asked: str, standalone: str) -> None:
    assert condense(asked, (turn(previous),)) == standalone


def test_words_in_parentheses_stay_in_the_thread_and_never_nest() -> None:
    found = condense("Who paid?", (turn("By whom (inmates were killed in 2021)?"),))
    assert found == "Who paid (inmates were killed in 2021)?"
    # The older question is what both lean on, and not its sister.
    found = condense("Who are the actors?", (turn("What are the main themes (the Neverending Story)?"),))
    assert found == "Who are the actors (the Neverending Story)?"


def test_words_in_parentheses_are_not_what_a_pronoun_stands_for() -> None:
    found = condense("How was it discovered?", (turn("Does melatonin help (sleep after jet lag)?"),))
    assert found == "How was melatonin discovered?"


def test_what_anything_may_have_is_no_topic_and_the_turn_before_decides() -> None:
    history = (turn("What are mammals?"), turn("How many types are there (mammals)?"))
    assert condense("Why are they important?", history) == "Why are mammals important?"


@pytest.mark.parametrize(
    "asked",
    [
        "And how many prosecutors were killed in Manabí in 2022?",
        "What about the number of prosecutors who were murdered in the province of Manabí in 2022?",
        "How about the share of containers that the customs service scans in the port of Guayaquil each year?",
        "Is it true that prisons are full?",
        "Is it possible to leave the country without a passport?",
        "How long did it take to build the prison?",
        "Who is Kapetan?",
        "What is money laundering?",
        "Tell me about makos.",
        "Is chilli a stew?",
        "How is cassoulet made?",
        "Does melatonin help?",
        "When did Kapetan say that he came to Ecuador?",
        "How many tonnes of cocaine were seized in Ecuador in 2021?",
        "Thanks!",
        "¿Y en 2022?",
        "Und in Albanien?",
        "",
    ],
)
def test_a_complete_question_or_a_foreign_one_stays_as_it_was(asked: str) -> None:
    assert condense(asked, (turn(REXHEPI),)) == asked


def test_after_a_question_in_another_language_nothing_is_changed() -> None:
    assert condense("And in 2022?", (turn("¿Cuántos presos murieron en 2021?"),)) == "And in 2022?"


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_rules_take_any_text(previous: str, asked: str) -> None:
    assert condense(asked, ()) == asked
    assert isinstance(condense(asked, (turn(previous, previous or None),)), str)


WORDS = ["and", "what", "about", "in", "2021", "he", "it", "his", "their", "Guayaquil", "the", "Serbs", "why", "who"]
WORDS += ["how", "many", "were", "killed", "5", "?", "of", "Kapetan's", "May"]


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.lists(st.sampled_from(WORDS), max_size=8))
def test_the_rules_take_any_order_of_their_own_words(previous: list[str], asked: list[str]) -> None:
    found = condense(" ".join(asked), (turn(" ".join(previous)),))
    assert len(found) <= 2 * (len(" ".join(asked)) + len(" ".join(previous))) + 60


@given(st.text(max_size=120))
def test_mentions_are_slices_in_order_that_do_not_overlap(text: str) -> None:
    end = 0
    for mention in mentions(text):
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= end
        end = mention.end
