"""Words that the sense rules look at. They are grammar; what belongs to one service stands in the lexicon."""

from __future__ import annotations

__all__ = [
    "BEFORE_INFINITIVE",
    "COMMON_OBJECTS",
    "FILE_ENDINGS",
    "FINITE_VERB_BEFORE",
    "JOINERS",
    "NOUNS_BEFORE",
    "PLACES",
    "RECORDING",
    "SUFFIXES_OF_PARTS",
    "WEAK_BEFORE",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


JOINERS = _words("and or to with into via from then und et y e oder ou o in using nach a en the plus on")
"""Words between two names that are listed, or that data go between."""

COMMON_OBJECTS = _words(
    "record records customer customers contact contacts client clients task tasks invoice invoices ticket tickets "
    "project projects user users order orders lead leads table event events report reports message messages database"
)
"""Nouns that many services have, so that they say less than a service's own."""

FINITE_VERB_BEFORE = _words("to and then should will must can please not we they")
"""Words after which an ambiguous word can be the verb of the clause."""

NOUNS_BEFORE = _words(
    "fichier fichiers dossier dossiers canal archivo archivos carpeta tarea tareas tarjeta tarjetas tabla hoja pagina "
    "paginas factura facturas facture factures cuenta compte conta arquivo arquivos pasta mensaje mensajes mensagem "
    "contacto contactos contato contatos formulaire formulario boutique tienda loja carte cartes tache taches tarefa "
    "tarefas espace tablero quadro"
)
"""In Romance languages the thing stands before the name: `fichiers Box`, `canal Slack`."""

PLACES = _words("in on dans sur auf en em")
RECORDING = _words(
    "create creates add adds update updates get delete upsert insert store save saves record log post posts publish "
    "find search list fetch new file put notify"
)
"""Verbs that are done in or on a service."""

BEFORE_INFINITIVE = _words(
    "hard easy easier difficult able unable ready want wants need needs like likely going start starts begin begins "
    "tend tends have has is are how supposed about asked used expected allowed try tries fail fails due happens "
    "continues"
)
"""After these, "to" starts an infinitive, not a destination."""

SUFFIXES_OF_PARTS = _words(
    "based powered triggered driven hosted managed backed compatible native integrated to "
    "tabelle tabellen datenbank prozedur abfrage kanal ordner server warteschlange sammlung freigabe konto schema "
    "tabel database kanaal"
)
"""What may stand behind the hyphen of a compound with a name ("Oracle-Tabelle", "Vertica-hosted")."""
FILE_ENDINGS = _words("csv json py sql txt parquet yml yaml xml log sh xlsx pdf")
WEAK_BEFORE = _words("new the a an each every any our my this your to and of their")
"""Words that stand before names as well as before ordinary words."""
