"""Hostile files of every kind: none crashes the run, leaks a file, takes over 1 GB or 60 s; each has its reason."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dagster_project.reading.model import Document
from dagster_project.reading.worker import Outcome, WorkItem, process_files
from dagster_project.warehouse.archive import discover, quarantine
from dagster_project.warehouse.home import Home
from tests.hostile.files import CASES, good, png, zip_encrypted, zipped

MEASURED = "tests.hostile.measuring.read_measured"
GB = 1 << 30
# What a reader may say of a file that was broken at random: never crashed, timeout or memory.
BROKEN = {"damaged", "empty", "no_text", "unsupported", "encrypted", "hostile", "needs_ocr", "read"}


def read_all(folder: Path, files: Mapping[str, bytes]) -> dict[str, Outcome]:
    """Every file through the worker processes, after checking that each came back within the limits."""
    items = []
    for number, (name, data) in enumerate(files.items()):
        path = folder / f"{number}"
        path.write_bytes(data)
        items.append(WorkItem(hashlib.sha256(data).hexdigest(), name, path))
    got = {o.item.name: o for o in process_files(items, 2, None, MEASURED)}
    assert set(got) == set(files)
    for name, outcome in got.items():
        assert outcome.seconds < 60, name
        peak = Path(f"{outcome.item.path}.peak")
        if peak.exists():
            assert int(peak.read_text()) < GB, f"{name}: {int(peak.read_text()) >> 20} MB"
    return got


def verdict(outcome: Outcome) -> str:
    return outcome.error.reason if outcome.error else "read"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    folder = tmp_path_factory.mktemp("hostile")
    scratch = folder / "scratch"
    scratch.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(scratch))
        files = {name: make() for name, (make, _) in CASES.items()}
        # Good files among the hostile ones: they must not suffer.
        names = list(files)
        mixed = {name: files[name] for name in names[::2]} | {f"good.{k}": d for k, d in good().items()}
        yield read_all(folder, mixed | {name: files[name] for name in names[1::2]})
        assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", CASES)
def test_each_has_its_reason(hostile: dict[str, Outcome], name: str) -> None:
    outcome = hostile[name]
    assert verdict(outcome) in CASES[name][1], outcome.error and (outcome.error.message, outcome.detail)
    if outcome.error:
        assert name in outcome.error.message, "the message names the file"
        assert len(outcome.error.message) < 1000


@pytest.mark.parametrize("kind", good())
def test_good_files_among_them_are_read(hostile: dict[str, Outcome], kind: str) -> None:
    assert "12.5" in hostile[f"good.{kind}"].result.text


def test_no_other_file_leaks_into_a_document(hostile: dict[str, Outcome]) -> None:
    texts = [o.result.text for o in hostile.values() if isinstance(o.result, Document)]
    assert texts
    assert not any("root:" in text for text in texts)


@pytest.mark.parametrize("kind", good())
def test_cut_anywhere(tmp_path: Path, kind: str) -> None:
    whole = good()[kind]
    shares = (0.0, 0.002, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99, 0.999)
    cuts = {f"{share}.{kind}": whole[: int(share * len(whole))] for share in shares}
    cuts |= {f"-{end}.{kind}": whole[:-end] for end in (1, 2, 10)}
    for name, outcome in read_all(tmp_path, cuts).items():
        assert verdict(outcome) in BROKEN, (name, outcome.error, outcome.detail)


@pytest.mark.parametrize("kind", good())
def test_broken_bytes(tmp_path: Path, kind: str) -> None:
    whole = good()[kind]
    chance = random.Random(f"broken {kind}")
    files = {}
    for number in range(24):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        files[f"{number}.{kind}"] = bytes(data)
    for name, outcome in read_all(tmp_path, files).items():
        assert verdict(outcome) in BROKEN, (name, outcome.error, outcome.detail)


@pytest.mark.parametrize("kind", good())
def test_wrong_extension(tmp_path: Path, kind: str) -> None:
    others = {f"a.{other}": good()[kind] for other in (*good(), "zip", "jpg", "doc") if other != kind}
    for name, outcome in read_all(tmp_path, others).items():
        assert outcome.error is None, (name, outcome.error)
        assert "12.5" in outcome.result.text
        if (kind, name) != ("xls", "a.et"):
            assert outcome.result.format == kind


ZIPS = {
    "climbs.zip": zipped({"../../climbed.txt": b"x", "good.txt": good()["txt"]}),
    "encrypted.zip": zip_encrypted(zipped({"a.txt": b"x"})),
    "bomb.zip": zipped({"a.txt": b"\0" * (99 << 20)}),
    "cut.zip": zipped({"a.txt": bytes(range(256)) * 9})[:-40],
    "deep.zip": zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"a.txt": b"x"})})})}),
    "picture.zip": zipped({"a.docx": png(9, 9)}),
    "a.rar": b"Rar!\x1a\x07\x01\x00" + b"x" * 99,
}


def test_zips_end_in_quarantine_each_with_its_reason_and_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    for name, data in ZIPS.items():
        (folder / name).write_bytes(data)
    before = {p for p in tmp_path.rglob("*") if p.is_file()}
    home = Home(tmp_path / "home").prepare()
    found = list(discover([folder], home))
    verdicts = {i.document_path.removeprefix(f"{folder}/"): i.error.reason for i in found if i.error}
    items = [WorkItem(i.document_sha256, i.name, i.archived, i.document_path) for i in found if i.archived]
    for outcome in process_files(items, 2, None, MEASURED):
        verdicts[outcome.item.document_path.removeprefix(f"{folder}/")] = verdict(outcome)
    assert verdicts == {
        "climbs.zip/climbed.txt": "hostile",
        "climbs.zip/good.txt": "read",
        "encrypted.zip": "encrypted",
        "bomb.zip": "hostile",
        "cut.zip": "damaged",
        "deep.zip/1.zip/2.zip": "hostile",
        "picture.zip/a.docx": "unsupported",
        "a.rar": "unsupported",
    }
    for i in found:
        if i.error:
            quarantine(
                home,
                i.document_sha256,
                name=i.name,
                document_path=i.document_path,
                reason=i.error.reason,
                message=i.error.message,
            )
    after = {p for p in tmp_path.rglob("*") if p.is_file()}
    assert all(home.root in p.parents for p in after - before)
    assert len(list(home.quarantine.glob("*.json"))) == 5
