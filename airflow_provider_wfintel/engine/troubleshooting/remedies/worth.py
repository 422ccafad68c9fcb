"""Whether to act with what may act, or first to ask a person about something better: by expected value.

A success that needs nobody counts 1. A person who has to be asked answers later, which takes a share of whatever comes
after the question. A remedy that does not help costs something, too: time, load, one of the budget, and more if it
changes what others share. Two ways are compared, each to its end:

- act with A, and if that does not help ask about B: `a + (1 - a) (b (1 - d) - cost(A))`
- ask about B, and if that does not help act with A: `b (1 - d) + (1 - b) (a (1 - d) - cost(B))`

with `a` and `b` the posterior means of success and `d` what waiting takes. So a remedy that helps half of the time does
not go before one that helps nine times of ten and needs a person, and one that helps in six of ten cases does.
"""

from __future__ import annotations

__all__ = ["DELAY", "FAILED_COST", "better_to_ask"]

DELAY = 0.15
"""The share of its worth that a success loses by waiting for a person; set by hand."""
FAILED_COST = {"run": 0.2, "task": 0.25, "settings": 0.4}
"""What a remedy that did not help costs, in successes, by what it changes; set by hand."""
_OTHER_COST = 0.4


def better_to_ask(acting: float, acting_changes: str, asking: float, asking_changes: str) -> bool:
    """Whether asking about a remedy comes before acting with another one.

    Args:
        acting: mean odds of the remedy that may act, 0 to 1.
        acting_changes: what it changes, see `Remedy.changes`.
        asking: mean odds of the remedy that needs a person.
        asking_changes: what that one changes.
    """
    answered = asking * (1 - DELAY)
    act_first = acting + (1 - acting) * (answered - _cost(acting_changes))
    ask_first = answered + (1 - asking) * (acting * (1 - DELAY) - _cost(asking_changes))
    return ask_first > act_first


def _cost(changes: str) -> float:
    return FAILED_COST.get(changes, _OTHER_COST)
