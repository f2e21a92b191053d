"""Data docs that read offline: the library's pages without anything they would fetch from elsewhere."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STYLES = "static/styles/offline.css"
# Whole elements that fetch something: scripts, style sheets, images and fonts of other hosts.
REMOTE_SCRIPT = re.compile(r"<script\b[^>]*\bsrc=[\"'](?:https?:)?//[^>]*>\s*</script>", re.IGNORECASE)
REMOTE_ELEMENT = re.compile(r"<(?:link|img|iframe)\b[^>]*\b(?:href|src)=[\"'](?:https?:)?//[^>]*>", re.IGNORECASE)
REMOTE_URL = re.compile(r"url\(\s*[\"']?(?:https?:)?//[^)]*\)", re.IGNORECASE)
REMOTE_LINK = re.compile(r"(<a\b[^>]*?)\s+href=[\"'](?:https?:)?//[^\"']*[\"']", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.IGNORECASE | re.DOTALL)


def site(folder: Path) -> dict[str, Any]:
    """The library's configuration of a site in a folder."""
    return {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())},
        "show_how_to_buttons": False,
    }


@contextmanager
def written(target: Path, styles: Path) -> Iterator[Path]:
    """A folder to write the site to; afterwards, freed of remote assets, it takes the place of the last one."""
    folder = Path(tempfile.mkdtemp(prefix=".data_docs-", dir=target.parent))
    try:
        yield folder
        make_offline(folder, styles)
        shutil.rmtree(target, ignore_errors=True)
        folder.chmod(0o755)
        folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_offline(folder: Path, styles: Path) -> None:
    """Strips every reference to another host from the pages and links the local style sheet instead."""
    sheet = folder / STYLES
    sheet.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(styles, sheet)
    for page in folder.rglob("*.html"):
        up = "../" * (len(page.relative_to(folder).parts) - 1)
        text = INLINE_SCRIPT.sub("", REMOTE_SCRIPT.sub("", page.read_text()))
        text = REMOTE_LINK.sub(r"\1", REMOTE_ELEMENT.sub("", text))
        text = without_remote_urls(text)
        page.write_text(text.replace("</head>", f'<link rel="stylesheet" href="{up}{STYLES}">\n</head>', 1))
    for file in folder.rglob("*.css"):
        file.write_text(without_remote_urls(file.read_text()))


def without_remote_urls(text: str) -> str:
    """Style rules that fetch nothing."""
    return REMOTE_URL.sub("none", text)
