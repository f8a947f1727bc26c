"""For each rule of checking a true statement that passes and an altered one that it catches, and says why."""

from __future__ import annotations

import pytest

from assistant.checking.rules import faults_of

# Of each rule: the source, a true statement, an altered one, and what is said of that.
NUMBERS = [
    ("Some 316 inmates died.", "Three hundred and sixteen inmates died.", "Three hundred and six inmates died.", "six"),
    ("It costs 2,200 US dollars.", "It costs $2200.", "It costs €2200.", "€2200"),
    ("It costs 2.1 million euros.", "It costs €2.1m.", "It costs €2.1 billion.", "€2.1 billion"),
    ("It cost 9.000 dólares.", "It cost 9,000 dollars.", "It cost 9 kg.", "9 kg"),
    ("It weighed 7.4 tonnes.", "It weighed 7,400 kg.", "It weighed 7.4 kg.", "7.4 kg"),
    ("It takes 72 hours.", "It takes three days.", "It takes three weeks.", "three weeks"),
    ("A fifth of it was lost.", "20 percent of it was lost.", "25% of it was lost.", "25%"),
    ("It was six of every ten boxes.", "It was six in ten boxes.", "It was seven in ten boxes.", "seven in ten"),
    ("About half of them left.", "Around 50 per cent of them left.", "About a third of them left.", "a third"),
    ("It came third.", "It came 3rd.", "It came fourth.", "fourth"),
    ("There were two dozen boxes.", "There were 24 boxes.", "There were 12 boxes.", "12"),
    ("It works from 10 p.m. to 6 a.m.", "It works from 10pm to 6am.", "It works from 10am to 6am.", "10am"),
    ("Each holds 25 to 30 kg.", "Each holds 25-30 kg.", "Each holds 20 to 30 kg.", "20"),
    ("A phone costs 35 dollars, a gun 90.", "A gun costs $90.", "A gun costs €90.", "€90"),
    ("Nine guards watch 64 cameras.", "9 guards watch sixty-four cameras.", "Nine cameras are watched.", "Nine"),
    ("It happened in 298 cases.", "It happened in about 300 cases.", "It happened in 300 cases.", "300"),
    ("It happened in 316 cases.", "It happened in more than 300 cases.", "It happened in more than 400 cases.", "400"),
    ("It took at least five days.", "It took five days or more.", "It took at most five days.", "five days"),
    ("It took no more than ten days.", "It took at most ten days.", "It took ten days.", "ten days"),
    ("It went from 5.0 to 9.0.", "It rose from 5 to 9.", "It rose from 9 to 9.", "9 twice"),
    ("A boat has two or more engines.", "A boat has at least 2 engines.", "A boat has fewer than two engines.", "two"),
    ("Both suspects were arrested.", "Two suspects were arrested.", "Three suspects were arrested.", "Three"),
    ("It takes one and a half hours.", "It takes 90 minutes.", "It takes 80 minutes.", "80"),
    ("It lasted an hour and a half.", "It lasted 1.5 hours.", "It lasted 2.5 hours.", "2.5"),
    ("The ferry leaves at 2:30 pm.", "The ferry leaves at 14:30.", "The ferry leaves at 15:30.", "15:30"),
    ("The gate opens at 9:00.", "The gate opens at 9 am.", "The gate opens at 9 pm.", "9 pm"),
]
DATES = [
    ("It began on 3 March 2019.", "It began on March 3, 2019.", "It began on March 5, 2019.", "March 5"),
    ("It began in November 2022.", "It began in Nov. 2022.", "It began in Oct. 2022.", "Oct. 2022"),
    ("It began on 3 March 2019.", "It began in March 2019.", "It began in March 2018.", "March 2018"),
    ("It began in March 2019.", "It began in 2019.", "It began on 9 March 2019.", "9 March"),
    ("It began on 2022-11-17.", "It began on 17 November 2022.", "It began on 17 December 2022.", "17 December"),
    ("It ran from January to August 2022.", "It ran in the first eight months of 2022.",
     "It ran in the first six months of 2022.", "six months"),
    ("It ran between January and June 2021.", "It ran in the first half of 2021.",
     "It ran in the second half of 2021.", "second half"),
    ("Fue en noviembre de 2021.", "It was in November 2021.", "It was in October 2021.", "October 2021"),
    ("It was 19 in March 2021 and 46 in May 2022.", "In March 2021 it was 19, in May 2022 46.",
     "It was 19 in May 2022 and 46 in May 2022.", "dates twice"),
    ("We stayed on 30 and 31 May 2022.", "We stayed on 30 May 2022.", "We stayed on 29 May 2022.", "29 May"),
]  # fmt: skip
NAMES = [
    ("It was sold in Antwerp.", "Antwerp is where it was sold.", "Ghent is where it was sold.", "Ghent"),
    ("Zoran Kestenac fled.", "Kestenac fled.", "Goran Kestenac fled.", "Goran"),
    ("It was seized in Ecuador.", "Ecuadorian police seized it.", "Peruvian police seized it.", "Peruvian"),
    ("The Dutch seized it.", "It was seized in the Netherlands.", "It was seized in Norway.", "Norway"),
    ("A suspicious activity report was filed.", "An SAR was filed.", "An STR was filed.", "STR"),
    ("First Capital Command (PCC) grew.", "The PCC grew.", "The CV grew.", "CV"),
    ("Dr. Lucía Arrobamba spoke.", "Arrobamba spoke.", "Dr. Castellanos spoke.", "Castellanos"),
    ("Zoran Kestenac met Judge Fabián Ortuzaleta.", "Kestenac met Ortuzaleta.", "They met Fabián Kestenac.",
     "Fabián Kestenac"),
    ("It is rated C3.", "Its rating is C3.", "Its rating is B3.", "B3"),
]  # fmt: skip
BINDINGS = [
    ("Cuenca recorded 34 deaths, Latacunga 29.", "Latacunga had 29 deaths, Cuenca 34.", "34 deaths were in Latacunga.",
     "34 of Cuenca"),
]  # fmt: skip
DENIALS = [
    ("The court believed him.", "The court did believe him.", "The court did not believe him.", "it denies"),
    ("No arrests were made.", "Nobody was arrested.", "Somebody was arrested.", "deny it"),
    ("He could not prove it.", "He was unable to prove it.", "He could prove it.", "deny it"),
    ("He could not prove it.", "He failed to prove it.", "He was not unable to prove it.", "it denies"),
    ("The median age was 26, few were old.", "The median age was 26.", "The median age was not 26.", "it denies"),
    ("The note replaces note No. 2.", "It replaces note No. 2.", "No note replaces note No. 2.", "it denies"),
    ("The crew needs no more than 12 minutes.", "The crew needs 12 minutes at most.",
     "The crew does not need 12 minutes at most.", "it denies"),
]  # fmt: skip
OPPOSITES = [
    ("The price rose sharply.", "The price increased sharply.", "The price decreased sharply.", "rose"),
    ("All of the boxes were full.", "Every box was full.", "Some boxes were full.", "All"),
    ("Most of the boxes were full.", "The majority of boxes were full.", "All boxes were full.", "Most"),
    ("It began before the war.", "It began prior to the war.", "It began after the war.", "before"),
    ("He was convicted of theft.", "He was convicted for theft.", "He was acquitted of theft.", "convicted"),
    ("The team won the cup.", "The cup was won by the team.", "The team lost the cup.", "won"),
]
HEDGES = [
    ("The fall may push down prices.", "The fall might push prices down.", "The fall pushes down prices.", "may"),
    ("The desk would cost more.", "The desk should cost more.", "The desk costs more.", "would"),
]
ATTRIBUTIONS = [
    ("According to the police, he fled.", "According to police, he fled.", "According to doctors, he fled.", "doctors"),
]
ROLES = [
    ("Kestenac killed Ortuzaleta.", "Ortuzaleta was killed by Kestenac.", "Ortuzaleta killed Kestenac.", "other way"),
    ("It rose from 19 to 46.", "It went up from 19 to 46.", "It rose from 46 to 19.", "from 19 to 46"),
]
PAIRS = [*NUMBERS, *DATES, *NAMES, *BINDINGS, *DENIALS, *OPPOSITES, *HEDGES, *ATTRIBUTIONS, *ROLES]


@pytest.mark.parametrize(("source", "true"), [(source, true) for source, true, _, _ in PAIRS])
def test_what_is_said_in_other_words_has_no_fault(source: str, true: str) -> None:
    assert faults_of(true, [source]) == ()


@pytest.mark.parametrize(("source", "altered", "why"), [(source, altered, why) for source, _, altered, why in PAIRS])
def test_an_altered_detail_is_a_fault_that_names_it(source: str, altered: str, why: str) -> None:
    assert why in "; ".join(faults_of(altered, [source]))
