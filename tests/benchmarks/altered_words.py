"""What `tests.benchmarks.altering` changes a word into, and what it made that is no false statement."""

from __future__ import annotations

SPELLED = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "eighteen", "twenty", "thirty", "forty", "sixty", "ninety",
)  # fmt: skip

UNITS = {
    "kg": "tonnes", "kilograms": "tonnes", "tonnes": "kg", "km": "miles", "US dollars": "euros", "dollars": "euros",
    "euros": "US dollars", "percent": "per thousand", "hours": "days", "days": "weeks", "weeks": "months",
    "months": "years", "years": "months", "minutes": "hours", "million": "billion",
}  # fmt: skip

# Names by kind: one is changed for another of its kind.
NAMES = (
    (
        "Guayaquil", "Quito", "Durán", "Antwerp", "Rotterdam", "Hamburg", "Ghent", "Manta", "Cuenca", "Latacunga",
        "Esmeraldas", "Milagro", "Lima", "Madrid", "Tirana", "Durrës", "Podgorica", "Ljubljana", "Bogotá", "Portoviejo",
        "Bar", "Ploče", "Gioia Tauro", "Loja", "Lisbon", "Valparaíso", "Jaramijó", "San Mateo", "Santa Elena", "Graz",
    ),
    (
        "Ecuador", "Colombia", "Peru", "Panama", "Albania", "Serbia", "Montenegro", "Kosovo", "North Macedonia",
        "Belgium", "Italy", "Uruguay", "Croatia", "Slovenia", "Bolivia", "Norway", "Turkey", "Chile",
    ),
    (
        "Albanian", "Serbian", "Montenegrin", "Ecuadorian", "Colombian", "Mexican", "Slovenian", "Spanish", "Bolivian",
        "Turkish", "Danish",
    ),
    ("Albanians", "Serb", "Serbs", "Croats", "Turks", "Danes"),
    ("Guayas", "Manabí", "Carchi", "El Oro", "Los Ríos", "Pichincha", "Azuay", "Imbabura"),
    (
        "Kestenac", "Ortuzaleta", "Rexhepi", "Hemelrijk", "Brockdorf", "Quilachamin", "Marangoni-Pita", "Arrobamba",
        "Vidakušić", "Tandayamo", "Rückert-Diaz", "Villagrana", "Iturralde-Vey", "Zandloper-Meys", "Sarango", "Robayo",
        "Ferrant-Quiroz", "Kapetan", "Zambrano Loor", "Halvorsen", "Petrović", "Castellanos",
    ),
    ("Dritan", "Zoran", "Fabián", "Joost", "Thea", "Ramiro", "Celso", "Lucía", "Goran", "Marisol", "Anselm", "Tomás",
     "Wouter", "Nube", "Estela", "Odile", "Miguel", "Ingrid"),
    ("Pacific Observatory", "Andean Observatory", "Atlantic Observatory"),
    ("Blue Heron Trading", "Green Heron Trading", "Red Crane Shipping"),
    ("Global Organized Crime Index", "Global Terrorism Index", "Corruption Perceptions Index"),
    ("Western Balkan", "Eastern Baltic", "North African"),
    ("Western Balkans", "Baltic States", "South Caucasus"),
    ("Mataje", "Zarumilla", "Guasmo", "Daule", "Galápagos", "Amazon", "Putumayo"),
    ("Monday", "Tuesday", "Sunday", "Mondays", "Thursday", "Friday", "Fridays"),
)  # fmt: skip

BASES = {
    "recorded": "record", "killed": "kill", "found": "find", "discovered": "discover", "told": "tell",
    "arrived": "arrive", "refused": "refuse", "treated": "treat", "said": "say", "earned": "earn", "trained": "train",
    "resigned": "resign", "lost": "lose", "stopped": "stop", "detained": "detain", "suspended": "suspend",
    "led": "lead", "rejected": "reject", "promised": "promise", "announced": "announce", "ranked": "rank",
    "scored": "score",    "counted": "count", "opened": "open", "sent": "send", "lasted": "last",
    "postponed": "postpone", "withdrew": "withdraw", "warned": "warn", "cleared": "clear",
}  # fmt: skip

OPPOSITES = (
    ("rose", "fell"), ("increased", "decreased"), ("narrowed", "widened"), ("shrunk", "grown"), ("rise", "fall"),
    ("before", "after"), ("after", "before"), ("more than", "less than"), ("less than", "more than"),
    ("fewer than", "more than"), ("no more than", "no less than"), ("at least", "at most"), ("at most", "at least"),
    ("largest", "smallest"), ("biggest", "smallest"), ("most of", "few of"), ("Most", "Few"), ("All of", "None of"),
    ("all of", "none of"), ("None", "All"), ("none", "all"), ("Nobody", "Everybody"), ("nobody", "everybody"),
    ("Every(?! second)", "No"),
    ("no one", "everyone"), ("without", "with"), ("worst", "best"), ("best", "worst"), ("inside", "outside"),
    ("strengthen", "weaken"), ("unlikely", "likely"), ("excluded", "included"), ("included", "excluded"),
    ("rejected", "approved"), ("refused", "agreed"), ("often", "seldom"), ("seldom", "often"), ("rarely", "often"),
    ("always", "never"), ("never", "always"), ("up from", "down from"), ("unknown", "known"), ("cheap", "expensive"),
    ("buyers", "sellers"), ("highest", "lowest"), ("No", "Some"), ("no(?! longer| more)", "some"),
    ("upward", "downward"), ("arrested", "released"), ("oldest", "youngest"), ("late in", "early in"),
)  # fmt: skip

# What came out true after all, or as no statement that anyone would write: read by hand.
DROPPED = frozenset(
    (
        "Asked whether corruption was not worse in the police or in the courts, he laughed and said that he would need"
        " a second coffee for that.",
        "Ecuador grows almost some coca itself, but it lies between Colombia and Peru, both of which produce cocaine on"
        " a large scale.",
        "The desk logged 104 bombings across the country in none of 2021.",
        "Write out an abbreviation the first time it is not used.",
        '"If you say some twice, they stop asking and start following your children," one of them told me.',
    )
)
