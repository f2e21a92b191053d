"""The documentation is one page that shows what dbt knows, whatever texts that holds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import docs_page
import pytest
from dbt.task.docs import DOCS_INDEX_FILE_PATH
from operations.place import Stop

HOSTILE = "</script><script>document.title = 'broken'</script><!-- \\ \" é"


def template() -> str:
    return Path(DOCS_INDEX_FILE_PATH).read_text()


def written(folder: Path) -> str:
    (folder / "manifest.json").write_text(json.dumps({"text": HOSTILE}))
    (folder / "catalog.json").write_text(json.dumps({"nodes": {}}))
    return docs_page.page(template(), folder)


def test_no_text_ends_the_pages_script(tmp_path):
    own = len(re.findall("</script", template()))
    assert len(re.findall("</script", written(tmp_path))) == own > 0


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_script_reads_the_same_text(tmp_path):
    page = written(tmp_path)
    start = page.index('{"text"')
    literal = page[start : page.index("}", start) + 1]
    said = subprocess.run(["node", "-p", f"JSON.stringify({literal})"], capture_output=True, text=True, check=True)
    assert json.loads(said.stdout)["text"] == HOSTILE


def test_a_page_of_another_make_is_named(tmp_path):
    with pytest.raises(Stop, match=r"no place for manifest.json"):
        docs_page.page("<html></html>", tmp_path)
