"""The words an officer meets on the list, each with what it means."""

GLOSSARY = (
    ("Urvalsträff", "Ett skäl att titta på en betalning. Aldrig en misstanke om fel eller brott."),
    ("Felaktig utbetalning (FUT)", "Betalning som blivit för hög, för låg eller gått till fel mottagare."),
    (
        "Rang",
        "Plats på listan. Först betalningar med hög sannolikhet för fel, sedan övriga; i båda grupperna efter förväntat "
        "rättat belopp per granskningstimme.",
    ),
    ("Belopp i risk", "Den del av betalningen som urvalsträffarna gäller. Minustecken: för lågt betalt."),
    ("Sannolikhet", "Bedömning av hur ofta liknande träffar är fel. Först antaganden, efter hand era egna utfall."),
    ("Förväntat fel", "Sannolikheten gånger beloppet i risk."),
    ("Skäl", "Indikatorerna som gav träff, det tyngsta först, med andel av det förväntade felet."),
    ("Talar emot", "Det som gör ett fel mindre sannolikt. Läs det före granskningen."),
    (
        "Slumpurval",
        "Betalningar dragna med lott, utan poäng. De visar hur stort felet är i allt som betalas.",
    ),
    (
        "Bunt",
        "En mottagares betalningar i samma månad, med den främstas rang som nummer. Granska dem i ett sammanhang.",
    ),
    ("Utfall", "Det du kom fram till. Utfallen gör nästa lista bättre."),
    ("Datafel", "Betalningen är riktig, men uppgiften om den var fel i källan."),
    (
        "Ej tillämplig",
        "Indikatorn kunde inte pröva något: en uppgift saknas. Det är inte detsamma som inga fel.",
    ),
    ("Anmärkning", "En rad som är inläst och prövas, men har något att fråga den som levererar om."),
    ("Karantän", "Rader som inte kunde läsas eller bröt mot en regel. De är inte prövade."),
)
