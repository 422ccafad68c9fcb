"""Whether the words mean what an operator's class does: stopping, creating, and what is rarely asked for."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.catalog import ServiceAction
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["is_meant", "runs_program", "snapshot_is_meant", "stop_is_meant", "training_is_meant"]

_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|\d+")
_STOP = r"stop|shut\w*\s+\w*\s*\w*\s*\w*\s*down|halt|turn\w* off|switch\w* off|power\w* off|anhalt|herunterfahr|arr[êe]t|det[ée]n"

# A class with one of these verbs in its name is right only if the words say so.
_SAID: dict[str, str] = {
    "stop": _STOP,
    "pause": rf"paus|suspend|{_STOP}",
    "suspend": rf"suspend|paus|{_STOP}",
    "hibernate": "hibernat",
    "cancel": "cancel|abort|stop|abbrech|annul",
    "disable": "disabl|deactivat|turn off|switch off",
    "decommission": "decommission|tear|remov|delet",
    "deregister": "deregister|unregister|remov|delet",
    "reboot": "reboot|restart",
    "restart": "restart|reboot|bounce",
    "compilation": "compil",
    "prediction": "predict|scor|infer",
    "embeddings": "embed|vector",
    "deploy": "deploy|serv|roll",
    "flex": "flex",
    "undeploy": "undeploy|take down|remov",
    "resume": "resum|unpaus|wake|start|reanud|fortsetz",
}
_STARTS = frozenset(("start", "run", "resume", "restart", "reboot", "enable", "create"))
_STOPPING = re.compile(rf"^\W*(?:then\W+)?(?:{_STOP}|paus|suspend|hibernat|cancel|abort)", re.IGNORECASE)

_STOPPABLE = re.compile(
    r"\b(?:instances?|clusters?|vms?|machines?|servers?|warehouses?|databases?|applications?|notebooks?|sessions?|tasks?|rules?|replications?)\b",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:if|when|unless|once|wenn|falls|si|se)\b", re.IGNORECASE)

# Rare classes: their verbs too must be said, and what they work on (the last noun).
_RARE: dict[str, str] = {
    **_SAID,
    "create": "creat|mak|set up|setup|provision|spin|bring|boot|fire|stand|launch|start|take|taking|add|new|erstell|anleg|erzeug|cré|crea|cria|创建",
    "delete": "delet|remov|drop|destroy|tear|lösch|supprim|elimin|borr|apag|删除",
    "update": "updat|chang|modif|edit|adjust|resiz|scale",
    "modify": "updat|chang|modif|edit|adjust|resiz|scal",
    "patch": "patch|updat|chang|modif",
    "rename": "renam",
    "copy": "cop(?:y|ie)",
    "put": "put|set|attach|add",
    "set": "set|put|attach",
    "register": "regist",
    "enable": "enabl|activat|turn on|switch on",
    "resume": "resum|unpaus|wake|start",
    "get": "get|fetch|read|list|show|describe",
    "list": "list|get|fetch|read|show",
    "describe": "describ|list|get|fetch|read|show",
    "install": "install",
    "insert": "insert|creat|add|make|set up|launch|provision|spin|start|upload",
    "clone": "clon",
    "diagnose": "diagnos",
    "failover": "fail",
    "scale": "scal|resiz",
    "restore": "restor|recover",
    "purge": "purg|empt|clear",
    "fetch": "fetch|get|read",
    "apply": "appl",
    "upsert": "upsert|creat|updat|add",
}
_NO_NOUNS = frozenset(
    ("operator", "sensor", "async", "start", "run", "submit", "trigger", "invoke", "execute", "state", "completed",
     "existence", "active", "job", "flow", "db", "aws", "azure", "amazon", "data", "task", "service", "bus")
)  # fmt: skip
_STARTING = re.compile(
    r"\b(?:re)?(?:start|boot|launch|wake|resum|spin|turn\w* on|power\w* on|switch\w* on|bring\w* up|create|starte|démarr|inici|arranc)",
    re.IGNORECASE,
)
_BY_SERVICE = re.compile(r"\b(?:storage|data)\s+transfer\b|\btransfer\s+service\b", re.IGNORECASE)
_RESIZING = re.compile(r"\W*(?:then\W+)?(?:resiz|scale)", re.IGNORECASE)
# Last nouns of class names that people say in another way.
_SAID_AS = {"transmit": "ftps"}
_POD = re.compile(r"\b(?:pods?|containers?|images?|jobs?)\b")
_SNAPSHOT = re.compile(
    r"\b(?:tak(?:e|es|ing)|mak(?:e|es|ing)|creat(?:e|es|ing)|do)\b[^.;]{0,30}?\b(?:snapshot|backup)", re.IGNORECASE
)


def snapshot_is_meant(step: Step) -> bool:
    """Whether the words ask for a snapshot or backup to be made, which reads nothing and waits for nothing."""
    return step.action in ("extract", "load", "none", "query") and _SNAPSHOT.search(step.words) is not None


def stop_is_meant(step: Step) -> bool:
    """Whether the words ask to stop a machine or service of theirs, which ends neither the run nor the machine's life."""
    if not step.services or step.action not in ("branch", "delete", "load", "transform", "none"):
        return False
    return bool(_STOPPING.search(step.words) and _STOPPABLE.search(step.words) and not _IF.search(step.words))


_TRAINING = re.compile(
    r"\b(?:training\s+job|(?:re-?)?train(?:s|ing)?\b|entraîn\w*|entren\w*|trein\w*|trainier\w*)", re.IGNORECASE
)


def training_is_meant(step: Step) -> bool:
    """Whether a job of SageMaker that is started is one that trains."""
    starts = step.action in ("trigger", "transform", "none", "load") and step.services == ("amazon_sagemaker",)
    return (
        starts
        and _TRAINING.search(step.words) is not None
        and not re.search(r"\bendpoint\b", step.words, re.IGNORECASE)
    )


_RUNS = frozenset({"run", "start", "submit", "execute", "launch", "kick off", "trigger", "invoke", "rerun", "fire"})
_PROGRAMS = ("uri", "path", "file_name", "script", "sql_file", "key", "resource")


def runs_program(step: Step) -> bool:
    """Whether a step runs what it names: a file that lies somewhere, which must stay as it is."""
    return step.lemma in _RUNS and any(item.slot.name in _PROGRAMS for item in step.slots)


_FILES = ("uri", "path", "file_name", "script", "command", "key")


def _other_thing(tokens: set[str], step: Step) -> bool:
    """Whether the words name something that the class does not do: a snapshot, a new size, a deployment, another template."""
    words = step.words
    if tokens & {"create", "insert"} and not tokens & {"snapshot", "backup"} and _SNAPSHOT.search(words):
        return True
    if _RESIZING.match(words) and tokens & {"start", "stop", "run", "submit"}:
        return True
    if {"file", "transform"} <= tokens and len(
        {item.slot.value for item in step.slots if item.slot.name in _FILES}
    ) < 2:
        # One file cannot be both what is transformed and the script that does it.
        return True
    if (
        "start" in tokens
        and tokens & {"instance", "cluster", "machine"}
        and not _STARTING.search(f"{step.lemma} {words}")
    ):
        return True
    if "import" in tokens and re.match(r"\W*(?:then\W+)?export", words, re.IGNORECASE):
        return True
    if (
        "auto" not in tokens
        and tokens & {"training", "pipeline", "custom"}
        and re.search(r"\bauto ?ml\b", words, re.IGNORECASE)
    ):
        return True
    if (
        {"table", "existence"} <= tokens
        and "partition" not in tokens
        and re.search(r"\bpartition", words, re.IGNORECASE)
    ):
        return True
    if ({"transfer", "service"} <= tokens) != bool(_BY_SERVICE.search(words)) and {"gcs", "to"} <= tokens:
        return True  # Google's Storage Transfer Service copies by itself, if the words name it.
    if {"sage", "maker"} <= tokens and re.search(r"\bendpoint\b", words, re.IGNORECASE):
        # An endpoint is meant, neither the model behind it nor how it is set up.
        return "endpoint" not in tokens or ("config" in tokens and not re.search(r"\bconfig", words, re.IGNORECASE))
    if step.lemma == "deploy" and tokens & {"invoke", "execute"}:
        return True
    return "templated" in tokens and re.search(r"\bflex\b|\.py\b", words, re.IGNORECASE) is not None


def is_meant(record: ServiceAction, step: Step) -> bool:
    """Whether a record may carry out a step: nothing is stopped that is to be started, and rare classes are named."""
    tokens = [item.lower() for item in _CAMEL.findall(record.operator.rpartition(":")[2])]
    words = f"{step.lemma} {step.words} {step.heading}".lower()
    said = _RARE if record.rare else _SAID
    if any(token in said and not re.search(rf"(?<![a-z])(?:{said[token]})", words) for token in tokens):
        return False
    if _STOPPING.search(step.words) and _STARTS.intersection(tokens) and not set(tokens) & set(_SAID):
        return False
    if re.match(r"\W*(?:restart|reboot)", step.words, re.IGNORECASE) and {"start", "resume"} & set(tokens):
        return False
    if step.lemma in ("create", "update") and {"start", "run"} & set(tokens):
        return False
    if _other_thing(set(tokens), step):
        return False
    if "pod" in tokens and step.lemma in ("create", "update") and not step.values("image") and not _POD.search(words):
        return False
    if not record.rare:
        return True
    nouns = [item for item in tokens if item not in record.service and item not in _NO_NOUNS and item not in _RARE]
    squashed = re.sub(r"[\W_]+", "", words)
    return not nouns or _SAID_AS.get(nouns[-1], nouns[-1])[:6] in squashed
