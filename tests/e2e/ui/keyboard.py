"""A hand that has no mouse: what it reaches with Tab, and whether it sees where it is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["Walk", "tab_to", "walk"]

OURS = "[data-wfintel=page]"
MOST_STOPS = 700

# All of ours that a person can act on gets a number in the order of the page; and how it looks without the focus.
NUMBER = """ours => {
    const root = document.querySelector(ours);
    const wanted = "a[href], button, input, select, textarea, [tabindex]";
    const seen = element => element.getClientRects().length > 0 && !element.disabled && element.tabIndex >= 0;
    const stops = [...root.querySelectorAll(wanted)].filter(seen);
    const look = element => {
        const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(element);
        const outline = outlineStyle === "none" ? "0px" : outlineWidth;
        return JSON.stringify([outline, boxShadow, borderColor, backgroundColor]);
    };
    // What is drawn for a stop may be inside it, as in a box of a graph.
    const parts = element => [element, ...element.querySelectorAll("*")].slice(0, 8).map(look).join("|");
    document.activeElement?.blur();
    stops.forEach((element, at) => { element.dataset.stop = at; });
    globalThis.wfintelLooks = { before: stops.map(parts), parts };
    const clickable = [...root.querySelectorAll("*")].filter(element =>
        getComputedStyle(element).cursor === "pointer" && element.getClientRects().length > 0
        && element.closest(wanted + ", label") === null);
    return [stops.map(element => (element.ariaLabel || element.textContent || element.tagName).trim().slice(0, 60)),
            clickable.map(element => element.outerHTML.slice(0, 120))];
}"""
# Sets where the next Tab begins: just before our page.
BEGIN = """ours => {
    const mark = document.createElement("span");
    mark.tabIndex = -1;
    const root = document.querySelector(ours);
    root.parentElement.insertBefore(mark, root);
    mark.focus({ preventScroll: true });
    mark.remove();
}"""
HERE = """ours => {
    const now = document.activeElement;
    const root = document.querySelector(ours);
    if (!root.contains(now)) return { inside: false };
    const stop = now.closest("[data-stop]");
    if (stop === null || stop !== now) return { inside: true, at: -1, what: now.outerHTML.slice(0, 120) };
    const at = Number(stop.dataset.stop);
    const box = now.getBoundingClientRect();
    const { before, parts } = globalThis.wfintelLooks;
    return {
        inside: true, at,
        shown: parts(now) !== before[at],
        insight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


@dataclass(frozen=True, slots=True)
class Walk:
    """What came of pressing Tab from the begin of our page until it was left.

    Attributes:
        names: everything that can be acted on, in the order of the page.
        missed: of these, what was never reached.
        unseen: where the focus could not be seen: nothing looks different, or it is out of sight.
        backwards: where the focus went back instead of on.
        mouse_only: what looks as if it could be clicked and cannot be focused.
        left: whether the page let the focus go at its end.
    """

    names: list[str]
    missed: list[str]
    unseen: list[str]
    backwards: list[str]
    mouse_only: list[str]
    left: bool


def walk(page: Page) -> Walk:
    """Press Tab from before our page until the focus has left it."""
    names, mouse_only = page.evaluate(NUMBER, OURS)
    page.evaluate(BEGIN, OURS)
    reached: list[int] = []
    unseen: list[str] = []
    left = False
    for _ in range(min(MOST_STOPS, 2 * len(names) + 20)):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE, OURS)
        if not here["inside"]:
            left = True
            break
        if here["at"] < 0:
            # Chromium also stops at boxes that scroll, which nobody has to name.
            continue
        reached.append(here["at"])
        if not (here["shown"] and here["insight"]):
            unseen.append(names[here["at"]])
    return Walk(
        names=names,
        missed=[name for at, name in enumerate(names) if at not in reached],
        unseen=unseen,
        backwards=[names[after] for before, after in itertools.pairwise(reached) if after <= before],
        mouse_only=mouse_only,
        left=left,
    )


def tab_to(page: Page, goal: Locator, *, most: int = 120) -> None:
    """Press Tab until that is focused; fails if it is not reached."""
    goal.wait_for()
    for _ in range(most):
        if goal.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{goal} was not reached with {most} times Tab")
