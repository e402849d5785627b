"""A real chromium, and people who use it, each with a profile of their own."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from service import PASSWORD, Service

FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
TELL = """document.addEventListener("securitypolicyviolation", e => console.error(
  "blocked", e.violatedDirective, e.sourceFile, e.lineNumber, e.sample, e.target.outerHTML?.slice(0, 300)))"""
PATIENCE = 60_000  # ms: software WebGL and two cores


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system; the tests say so when there is none."""
    program = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if program is None:
        pytest.skip("No chromium on this machine (apt install chromium), so nothing is tried in a browser.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory) -> Iterator[Service]:
    """The whole service without the demo; its first person is none of the story's."""
    running = Service(tmp_path_factory.mktemp("browsed"), "--no-demo").wait()
    running.join("operator")
    yield running
    assert running.stop() == 0, running.log.read_text()[-3000:]


@pytest.fixture
def desk(browser, service):
    """Opens a page as a person who joins in the browser; every error in its console fails the test."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def sit(name: str | None, **options) -> Page:
        context = browser.new_context(base_url=service.url, **options)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(TELL)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(f"{name}: {error}"))
        page.on(
            "console",
            lambda said: trouble.append(f"{name}: {said.text} {said.location}") if said.type == "error" else None,
        )
        if name:
            page.goto("/join")
            page.get_by_label("Name", exact=True).fill(name)
            page.get_by_label("E-mail").fill(f"{name}@example.org")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.locator("main form").get_by_role("button", name="Join").click()
            page.wait_for_url("**/")
        return page

    yield sit
    for context in contexts:
        context.close()
    assert not trouble, "\n".join(trouble)
