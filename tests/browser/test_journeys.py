"""What people come for, on a telephone whose browser runs no script."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.golden import PROFESSIONAL, SERVICE
from tests.browser.reading import sign_in
from tests.browser.site import Site

EDITOR = "katerina@centre-athens.example"


def asked(page: Page) -> dict[str, list[str]]:
    """What the address of the page asks for."""
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def names(page: Page) -> list[str]:
    return page.locator("ol.results h3").all_inner_texts()


def test_from_the_language_to_the_door_and_back(plain: Page, running: Site) -> None:
    plain.goto("/")
    plain.locator("main").get_by_role("link", name="English").click()
    expect(plain).to_have_url(f"{running.address}/en/")

    plain.fill("#q", "I need a lawyer for asylum")
    plain.locator("#q").press("Enter")
    assert asked(plain) == {"q": ["I need a lawyer for asylum"]}
    everything = names(plain)
    assert everything

    plain.locator("details", has_text="More filters").locator("summary").click()
    plain.locator("input[name=speaks][value=en]").check()
    plain.locator("input[name=cost][value=free]").check()
    plain.get_by_role("button", name="Show places").click()
    assert asked(plain) == {
        "q": ["I need a lawyer for asylum"],
        "speaks": ["en"],
        "cost": ["free"],
        "in": [""],
        "near": [""],
    }
    fewer = names(plain)
    assert set(fewer) < set(everything) or fewer == everything
    filtered = plain.url

    plain.locator("ol.results h3 a").first.click()
    assert plain.locator("h1").inner_text() == fewer[0]
    plain.locator("main a[href*='/organization/']").click()
    assert fewer[0] in names(plain), "an organization lists what it offers"
    plain.go_back()
    plain.go_back()
    assert plain.url == filtered
    assert names(plain) == fewer
    assert plain.locator("#q").input_value() == "I need a lawyer for asylum"
    assert plain.locator("input[type=checkbox][name=speaks][value=en]").is_checked()

    # Which result is the first depends on the hour: the door is that of one that has a place and a phone.
    plain.goto(f"/en/{SERVICE}")
    assert plain.locator("main a[href^='tel:']").count() > 0
    expect(plain.locator(".say .voice")).to_have_attribute("lang", "el")


def test_a_need_door_leads_to_help_for_it(plain: Page) -> None:
    plain.goto("/el/")
    plain.locator("a.door[href$='need=legal']").click()
    assert asked(plain) == {"need": ["legal"]}
    assert names(plain)


def test_choose_a_city(plain: Page) -> None:
    plain.goto("/ar/")
    plain.locator("#city").select_option("thessaloniki")
    plain.locator("form", has=plain.locator("#city")).locator("button").click()
    assert asked(plain) == {"in": ["thessaloniki"]}
    assert names(plain)
    assert "سالونيك" in plain.locator("h1").inner_text()


@pytest.mark.parametrize("place", ["Athens", "Αθήνα", "أثينا"])
def test_near_a_place_in_any_script(plain: Page, place: str) -> None:
    plain.goto("/en/find/")
    plain.locator("details", has_text="More filters").locator("summary").click()
    plain.fill("#near", place)
    plain.get_by_role("button", name="Show places").click()
    distances = [
        float(found)
        for found in re.findall(r"(\d+(?:\.\d+)?) km", " ".join(plain.locator("ol.results .facts").all_inner_texts()))
    ]
    assert distances
    plain.get_by_role("link", name="Nearest first").click()
    assert asked(plain)["sort"] == ["near"]
    assert names(plain)


def test_the_map_moves_by_links(plain: Page) -> None:
    plain.goto("/en/find/?in=athens")
    listed = names(plain)
    drawing = plain.locator("#map svg")
    before = drawing.inner_html()
    for word in ("Closer", "North", "Wider"):
        plain.locator(".m-moves").get_by_role("link", name=word).click()
        after = drawing.inner_html()
        assert after != before, f"{word} shows another piece of the map"
        before = after
    assert names(plain) == listed, "moving the map keeps the list"
    assert asked(plain)["in"] == ["athens"]


def test_a_pin_leads_to_its_place_in_the_list(plain: Page) -> None:
    plain.goto("/en/find/?in=athens")
    pin = plain.locator("#map a.pin[href^='#']").first
    target = pin.get_attribute("href") or ""
    assert plain.locator(f"li{target}").count() == 1
    assert (pin.get_attribute("aria-label") or "").split(". ", 1)[-1].strip()


def test_pages_of_a_long_list(plain: Page) -> None:
    plain.goto("/en/find/")
    first = names(plain)
    plain.get_by_role("link", name="Next").click()
    second = names(plain)
    assert asked(plain) == {"page": ["2"]}
    assert second
    assert not set(first) & set(second)
    assert plain.locator("ol.results").get_attribute("start") == str(len(first) + 1)
    plain.go_back()
    assert names(plain) == first


def test_another_language_keeps_what_was_asked(plain: Page, running: Site) -> None:
    plain.goto("/en/find/?q=doctor&need=health&cost=free")
    before = [link.get_attribute("href") or "" for link in plain.locator("ol.results h3 a").all()]
    plain.locator("details.menu summary").click()
    plain.locator("details.menu").get_by_role("link", name="العربية").click()
    assert plain.url == f"{running.address}/ar/find/?q=doctor&need=health&cost=free"
    after = [link.get_attribute("href") or "" for link in plain.locator("ol.results h3 a").all()]
    assert {each.split("/")[3] for each in after} == {each.split("/")[3] for each in before}


def test_when_nothing_is_found_there_is_a_way_on(plain: Page) -> None:
    plain.goto("/el/find/?q=qxqxqx&in=tilos")
    plain.locator(".row-card a").first.click()
    assert asked(plain) != {"q": ["qxqxqx"], "in": ["tilos"]}
    plain.goto("/el/find/?q=qxqxqx")
    plain.locator("a.door").first.click()
    assert names(plain)


def test_a_member_signs_in_sees_the_direct_line_and_signs_out(plain: Page, running: Site) -> None:
    service = f"/en/{PROFESSIONAL}"
    plain.goto(service)
    assert plain.locator("#pro").count() == 0
    direct = "+30 000 000 0314"
    assert direct not in plain.content()

    sign_in(plain, running, EDITOR)
    plain.goto(service)
    expect(plain.locator("section", has=plain.locator("#pro"))).to_contain_text(direct)

    plain.goto("/en/account/")
    plain.get_by_role("button", name="Sign out").click()
    plain.goto(service)
    assert plain.locator("#pro").count() == 0
    assert direct not in plain.content()
