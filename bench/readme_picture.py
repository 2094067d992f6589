"""Renews docs/pictures/summary.png: «Сводка» of the example as LibreOffice prints it, with a fixed stamp.

python -m bench.readme_picture       (needs LibreOffice and poppler)
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.load import load_client
from flows.pipeline import run_client
from flows.progress import plain
from flows.request import RunRequest

ROOT = Path(__file__).parents[1]
STAMP = datetime(2026, 9, 21, 3, 4, tzinfo=ZoneInfo("Europe/Moscow"))


def main() -> None:
    """Runs the example in a folder of its own and prints the first page."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "school"
        shutil.copytree(ROOT / "examples" / "school", folder)
        run_client(load_client(folder), RunRequest(as_of=datetime(2026, 9, 20).date()), plain, lambda: STAMP)
        pages = Path(scratch) / "pages"
        subprocess.run(
            ["sh", str(ROOT / "bench" / "pictures.sh"), str(folder / "out" / "Сводка.xlsx"), str(pages)], check=True
        )
        shutil.copy(sorted(pages.glob("*.png"))[0], ROOT / "docs" / "pictures" / "summary.png")


if __name__ == "__main__":
    main()
