"""Debian's Chromium, driven by Playwright: how it is found, started and dressed for a test."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

__all__ = ["ALL_LOOKS", "DESK", "PHONE_AT_NIGHT", "Look", "Watched", "chromium_path", "dressed", "running_browser"]

# Generous: Airflow and the browser share two cores, perhaps with others.
WAIT_MS = 60_000


@dataclass(frozen=True, slots=True)
class Look:
    """What a page is looked at with: `light` or `dark`, and how wide the window is, in pixels."""

    theme: str
    width: int

    def __str__(self) -> str:
        return f"{self.theme}-{self.width}"


DESK = Look("light", 1280)
PHONE_AT_NIGHT = Look("dark", 390)
ALL_LOOKS = tuple(Look(theme, width) for theme in ("light", "dark") for width in (1280, 390))


def chromium_path() -> str:
    """Where Chromium is; empty if it is not installed. `WFINTEL_CHROMIUM` names another one."""
    named = os.environ.get("WFINTEL_CHROMIUM", "")
    return named or shutil.which("chromium") or ""


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The sandbox needs a user of its own, which CI's machines do not have; all pages are our own.
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def dressed(browser: Browser, base_url: str, look: Look, state: str) -> BrowserContext:
    """A context with that look, logged in by the cookies of the file `state`. Its pages share what has been loaded."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": look.width, "height": 900},
        color_scheme="dark" if look.theme == "dark" else "light",
        reduced_motion="reduce",
        storage_state=state,
        accept_downloads=True,
    )
    context.set_default_timeout(WAIT_MS)
    # Where Airflow's UI keeps the choice of its user.
    context.add_init_script(f"localStorage.setItem('theme', '{look.theme}')")
    return context


@dataclass(slots=True)
class Watched:
    """A page, and what went wrong on it while a test looked elsewhere."""

    page: Page
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, context: BrowserContext, base_url: str) -> Watched:
        """A fresh page."""
        watched = cls(context.new_page())

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and "wfintel" in f"{message.text} {message.location.get('url', '')}".lower():
                watched.errors.append(message.text)

        def asked(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != base_url:
                watched.strangers.append(request.url)

        watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
        watched.page.on("console", heard)
        watched.page.on("request", asked)
        return watched
