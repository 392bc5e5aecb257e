"""The dashboard as a person meets it: in Chromium, clicked through, with every request looked at."""

from __future__ import annotations

import time
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from dagster_project.warehouse.home import Home
from tests.dashboard.conftest import serving
from tests.support.browser import Browser, browser, installed

pytestmark = [
    pytest.mark.skipif(installed() is not None, reason=str(installed())),
    pytest.mark.xdist_group("browser"),
]


def _menu(window: Browser, words: str) -> None:
    window.click(f"//*[@data-testid='stSidebarNav']//a[.//*[normalize-space()='{words}']]")
    window.settle()


def _choose(window: Browser, label: str, option: str) -> None:
    window.click(f"//*[@data-testid='stSelectbox'][.//label[contains(., '{label}')]]//input")
    window.click(f"//*[@role='option'][contains(normalize-space(), '{option}')]")
    window.settle()


def _downloaded(folder: Path, pattern: str) -> Path:
    """Chromium keeps the name with an empty file, writes beside it, and moves what it wrote over it at the end."""
    for _ in range(300):
        done = [f for f in folder.glob(pattern) if f.suffix != ".crdownload" and f.stat().st_size]
        if done and not list(folder.glob("*.crdownload")):
            return done[0]
        time.sleep(0.1)
    raise AssertionError(f"{pattern} did not arrive; there is {list(folder.iterdir())}")


def test_language_filter_department_disagreement_download(served: str, tmp_path: Path) -> None:
    with browser(tmp_path) as window:
        window.open(served)
        window.wait_text("总览")
        window.settle()
        window.click("//*[@data-testid='stSidebar']//button[normalize-space()='English']")
        window.wait_text("Departments by year")
        window.settle()
        assert parse_qs(urlsplit(window.address).query)["lang"] == ["en"]

        _choose(window, "Year", "2022")
        window.wait("return location.search.includes('year=')")
        assert parse_qs(urlsplit(window.address).query)["year"] == ["2022"]
        sent = window.address

        _menu(window, "Department")
        window.wait_text("Budget and executed by account")
        named = parse_qs(urlsplit(window.address).query)
        assert named["department"]
        assert named["lang"] == ["en"]

        _menu(window, "Disagreements")
        window.wait_text("Should agree with")
        window.click("//button[contains(., 'Download CSV')]")
        listed = _downloaded(tmp_path, "jixiao-disagreements.csv").read_text(encoding="utf-8-sig").splitlines()
        assert listed[0].startswith("Severity,Department,Year,")
        assert all(line.startswith(("error,", "warning,")) for line in listed[1:])
        window.click("(//*[@data-testid='stPageLink']//a[contains(., 'See it in the document')])[1]")
        window.wait_text("The quote is marked")
        window.settle()
        assert window.run("return document.querySelector('mark').innerText.length") > 0
        window.click("//button[contains(., 'Download the original')]")
        assert _downloaded(tmp_path, "*-government-office-*").stat().st_size > 1000
        media = {url for url in window.requests() if urlsplit(url).path.startswith("/media/")}
        files = [url for url in media if not url.endswith(".png")]  # the picture is our own icon
        assert len(files) == 2
        for url in files:
            with urllib.request.urlopen(url, timeout=30) as file:
                assert file.headers["Content-Disposition"].startswith("attachment"), "never shown as a page of ours"

        _menu(window, "Compare")
        window.wait_text("Side by side")
        window.click("(//button[contains(., 'Download CSV')])[1]")
        table = _downloaded(tmp_path, "jixiao-compare.csv").read_text(encoding="utf-8-sig")
        assert table.startswith("Department,Year,")
        window.click("(//button[contains(., 'Download xlsx')])[1]")
        assert zipfile.is_zipfile(_downloaded(tmp_path, "jixiao-compare.xlsx"))

        # the view that was sent opens as it was
        window.open(sent)
        window.wait_text("Departments by year")
        window.settle()
        assert "2022" in window.run(
            "return [...document.querySelectorAll('[data-testid=stSelectbox]')].map("
            "e => e.textContent + (e.querySelector('input') || {}).value).join('|')"
        )
        assert window.strangers() == []
        assert len(window.requests()) > 20


def test_every_page_opens_and_asks_nobody_else(served: str, tmp_path: Path) -> None:
    with browser(tmp_path) as window:
        for address, words in [
            ("/", "总览"),
            ("/department", "科目明细"),
            ("/disagreements", "应与之相符"),
            ("/compare", "并列比较"),
            ("/indicators", "指标明细"),
            ("/search?q=%E5%8A%9E%E5%85%AC%E5%AE%A4", "在原文中查看"),
            ("/quality", "规则比对结果"),
            ("/evidence?place=none", "没有此出处"),
        ]:
            window.open(served + address)
            window.wait_text(words)
            window.settle()
            assert not window.run("return document.querySelector('[data-testid=stException]')")
            marks = window.run(
                "return [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].map("
                "c => c.querySelectorAll('.role-mark path').length)"
            )
            assert all(marks), f"an empty chart on {address}: {marks}"
            assert marks or address.split("?")[0] in ("/search", "/disagreements", "/evidence")
        assert window.strangers() == []


def test_phone_has_no_sideways_scrolling(served: str, tmp_path: Path) -> None:
    with browser(tmp_path, 390, 844) as window:
        for address in ("/", "/department", "/disagreements"):
            window.open(served + address)
            window.wait("return document.querySelector('.jx h1')")
            window.settle()
            assert window.run("return document.documentElement.scrollWidth") <= 390
            assert window.run("return document.querySelector('[data-testid=stMain]').scrollWidth") <= 391


def test_keyboard_reaches_and_turns_pages(served: str, tmp_path: Path) -> None:
    with browser(tmp_path) as window:
        window.open(served)
        window.wait_text("总览")
        window.settle()
        for _ in range(30):
            window.press("tab")
            if "不符事项" in window.run("return document.activeElement.innerText || ''"):
                break
        else:
            raise AssertionError("the menu cannot be reached with the Tab key")
        window.press("enter")
        window.wait_text("应与之相符")


def test_report_text_stays_text(hostile_home: Home, tmp_path: Path) -> None:
    with serving(hostile_home, tmp_path / "server.log") as address, browser(tmp_path) as window:
        for page in ("/", "/department", "/disagreements", "/search?q=bold", "/compare"):
            window.open(address + page)
            window.wait("return document.querySelector('.jx h1')")
            window.settle()
            assert window.run("return document.title") != "owned"
            assert not window.run("return document.querySelector('[data-testid=stMain] img[src=x]')")
            assert not window.run("return document.querySelector('[data-testid=stMain] a[href*=evil]')")
            assert not window.run("return document.querySelector('[data-testid=stMain] .katex')")
        assert window.strangers() == []
