"""docs/exports.md is what the profiles say."""

from __future__ import annotations

from config.profiles import profiles
from tools.exports_page import PAGE, exports_page


def test_the_page_is_current():
    """A changed profile changes the page: `python -m tools.exports_page`."""
    assert PAGE.read_text(encoding="utf-8") == exports_page()


def test_every_profile_has_its_chapter():
    """By the name that `profile:` takes."""
    page = exports_page()
    assert [name for name in profiles() if f"`profile: {name}`" not in page] == []


def test_what_is_not_known_is_said():
    """Where the headers of a vendor's own file were not found, the page sends the operator to `columns`."""
    page = exports_page()
    chapters = {
        chapter.split("`profile: ")[1].split("`")[0]: chapter
        for chapter in page.split("\n## ")
        if "`profile: " in chapter
    }
    unknown = ["mango", "callibri", "calltouch_calls", "calltouch_requests", "uis_comagic"]
    assert [name for name in unknown if "не найден" not in chapters[name]] == []
    assert "НДС не найдены" in chapters["vk_ads"]
