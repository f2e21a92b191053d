"""Every command and every path that the pages name is there."""

from __future__ import annotations

import re
from pathlib import Path

import new_company
import pytest
from support.project import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "SECURITY.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
PAGES += sorted((ROOT / "examples").glob("*/README.md"))
FOLDERS = "analyses|docs|examples|macros|models|quality|scripts|seeds|tests"
PATH = re.compile(rf"(?<![\w/.<-])((?:{FOLDERS})/[\w./*<>-]*)")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
COMMAND = re.compile(r"\bmake ((?:[a-z][a-z-]+ ?)+)")
# Where a recipe makes something that is not there yet.
TO_BE_MADE = re.compile(r"[<>*]")


def code(page: Path) -> str:
    """What stands in code, where a word that looks like a command is one."""
    text = page.read_text()
    return "\n".join(re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_are_there(page):
    folders = [page.parent, ROOT, ROOT / "examples/usage_company"]
    named = {path.rstrip("./") for path in PATH.findall(code(page)) if not TO_BE_MADE.search(path)}
    named |= set(LINK.findall(page.read_text()))
    assert sorted(path for path in named if not any((folder / path).exists() for folder in folders)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_are_there(page):
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    targets |= {name for name, *_ in new_company.COMMANDS}
    named = {
        word
        for line in re.findall(r"(?:^|\n|&& )(make .*)", code(page))
        for word in COMMAND.findall(line.split("#")[0])
    }
    assert sorted({word for words in named for word in words.split()} - targets) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_seeds_are_there(page):
    there = {file.name for file in ROOT.glob("seeds/**/*.csv")} | {
        file.name for file in ROOT.glob("examples/*/seeds/*.csv")
    }
    named = set(re.findall(r"(?<![\w.<>*/-])([a-z_]+\.csv)\b", code(page)))
    assert sorted(named - there) == []
