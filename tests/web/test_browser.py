"""The page in a real browser: wide, narrow, by keyboard, on paper, and talking to nobody."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stelsel.web.page import render
from stelsel.web.report import Report
from stelsel.web.serve import PageServer

pytestmark = pytest.mark.browser

# What keeps Debian's chromium from talking to its makers.
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-quic", "--hide-scrollbars"),
)
SIZES = {"wide": (1280, 900), "narrow": (360, 740)}
# Least contrast of text of ordinary size, WCAG 2.2, 1.4.3.
LEAST_CONTRAST = 4.5

CONTRASTS = """
const light = ([r, g, b]) => {
  const [R, G, B] = [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * R + 0.7152 * G + 0.0722 * B;
};
const parts = colour => colour.match(/[\\d.]+/g).map(Number);
const ground = element => {
  for (let one = element; one; one = one.parentElement) {
    const found = parts(getComputedStyle(one).backgroundColor);
    if (found.length < 4 || found[3] > 0) return found.slice(0, 3);
  }
  return [255, 255, 255];
};
const found = {};
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!own || !element.checkVisibility() || element.closest('script, style')) continue;
  const style = getComputedStyle(element);
  const ink = parts(element.closest('svg') ? style.fill : style.color).slice(0, 3);
  const [a, b] = [light(ink), light(ground(element))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  found[element.tagName + ' ' + ink] = Math.min(ratio, found[element.tagName + ' ' + ink] ?? 99);
}
return found;
"""

SMALLEST_LETTERS = """
let least = 99;
for (const text of document.querySelectorAll('svg[role=img] text')) {
  if (!text.checkVisibility()) continue;
  const svg = text.ownerSVGElement;
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  least = Math.min(least, scale * parseFloat(getComputedStyle(text).fontSize));
}
return least;
"""

OVERFLOWING = """
const width = document.documentElement.clientWidth;
return [...document.querySelectorAll('body *')].filter(element =>
  element.checkVisibility() && !element.closest('.scroll, .skip, svg')
  && element.getBoundingClientRect().right > width + 1
).map(element => element.tagName + '.' + element.className);
"""


@pytest.fixture(scope="module")
def url(report: Report) -> Iterator[str]:
    with PageServer(render(report), port=0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.url
        server.shutdown()
        thread.join(timeout=5)


@pytest.fixture(scope="module", params=SIZES)
def window(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A browser of one size, with a profile of its own."""
    driver, browser = shutil.which("chromedriver"), shutil.which("chromium")
    if not driver or not browser:
        pytest.skip("chromium and chromedriver are not installed")
    from selenium import webdriver

    width, height = SIZES[request.param]
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    profile = tmp_path_factory.mktemp("profile")
    for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    # A window cannot be made as narrow as a telephone; its view can.
    view = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    found.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", view)
    yield found
    found.quit()


@pytest.fixture
def page(window: Any, url: str) -> Any:
    """The page, freshly opened."""
    window.get_log("browser")
    window.get_log("performance")
    window.get(url)
    return window


def press(window: Any, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    actions = ActionChains(window)
    for key in keys:
        actions.send_keys(key)
    actions.perform()


def shown(window: Any, css: str) -> list[Any]:
    return [one for one in window.find_elements("css selector", css) if one.is_displayed()]


def switch(window: Any) -> None:
    (button,) = shown(window, ".switch")
    button.click()


@pytest.mark.parametrize("times", [0, 1])
def test_the_page_does_not_scroll_sideways(page: Any, times: int) -> None:
    for _ in range(times):
        switch(page)
    for detail in shown(page, "summary"):
        detail.click()
    width, view = page.execute_script(
        "const root = document.documentElement; return [root.scrollWidth, root.clientWidth]"
    )
    assert view == page.execute_script("return window.innerWidth")
    assert width <= view
    assert page.execute_script(OVERFLOWING) == []


def test_nothing_goes_wrong_and_nothing_is_fetched(page: Any, url: str) -> None:
    switch(page)
    assert page.get_log("browser") == []
    asked = {
        event["params"]["request"]["url"]
        for entry in page.get_log("performance")
        if (event := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    }
    assert {one for one in asked if not one.startswith("data:")} == {url}


def test_the_language_switches_by_keyboard_and_back(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    def language() -> tuple[str, str, str]:
        (heading,) = shown(page, "h1")
        return page.execute_script("return document.documentElement.lang"), page.title, heading.text

    press(page, Keys.TAB, Keys.TAB)
    dutch = language()
    assert page.switch_to.active_element.text == "English"
    press(page, Keys.ENTER)
    english = language()
    assert (dutch[0], english[0]) == ("nl", "en")
    assert dutch[1].startswith("Wachten")
    assert english[1].startswith("Waiting")
    assert (dutch[2], english[2]) == (dutch[1], english[1])
    assert page.switch_to.active_element.text == "Nederlands", "the keyboard stays where it was"
    press(page, Keys.SPACE)
    assert language() == dutch


def test_the_skip_link_comes_first_and_skips(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    press(page, Keys.TAB)
    link = page.switch_to.active_element
    assert link.text == "Naar de inhoud"
    box = link.rect
    assert box["x"] >= 0
    assert box["y"] >= 0
    press(page, Keys.ENTER)
    assert page.switch_to.active_element.get_attribute("id") == "nl-content"


def test_a_table_is_one_key_away(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    (summary, *_) = shown(page, "figure summary")
    table = summary.find_element("xpath", "..").find_element("css selector", "table")
    assert not table.is_displayed()
    page.execute_script("arguments[0].focus()", summary)
    press(page, Keys.ENTER)
    assert table.is_displayed()


def test_what_has_the_keyboard_is_seen(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    for _ in range(8):
        press(page, Keys.TAB)
        style, width = page.execute_script(
            "const style = getComputedStyle(document.activeElement);"
            "return [style.outlineStyle, parseFloat(style.outlineWidth)]"
        )
        assert style != "none"
        assert width >= 2


def test_every_text_stands_out(page: Any) -> None:
    contrasts: dict[str, float] = page.execute_script(CONTRASTS)
    assert len(contrasts) > 10
    assert {what: ratio for what, ratio in contrasts.items() if ratio < LEAST_CONTRAST} == {}


def test_letters_in_drawings_stay_readable(page: Any) -> None:
    assert page.execute_script(SMALLEST_LETTERS) >= 11


def test_each_drawing_is_there_once(page: Any) -> None:
    drawn = shown(page, "svg[role=img]")
    assert len(drawn) == 2 + 3 + 8 + 5, "one of wide and narrow, and the many small ones"
    assert min(one.rect["height"] for one in drawn) > 80


def test_the_page_prints_without_its_buttons(page: Any, tmp_path: Path) -> None:
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert shown(page, "button, .skip, nav, summary") == []
        assert len(shown(page, "svg[role=img]")) == 18
        assert len(shown(page, "table")) == 2
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
