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

from config.folder.load import load_client
from flows.run.given.request import RunRequest
from flows.run.pipeline import run_client
from flows.say import plain

ROOT = Path(__file__).parents[1]
STAMP = datetime(2026, 9, 21, 3, 4, tzinfo=ZoneInfo("Europe/Moscow"))


def main() -> None:
    """Runs the example in a folder of its own and prints the first page."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "school"
        shutil.copytree(ROOT / "examples" / "school", folder)
        run_client(load_client(folder), RunRequest(as_of=datetime(2026, 9, 20).date()), plain, lambda: STAMP)
        pdf = folder / "out" / "Сводка.pdf"
        profile = f"-env:UserInstallation=file://{scratch}/profile"
        print_it = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(pdf.parent)]
        subprocess.run([*print_it, str(pdf.with_suffix(".xlsx"))], check=True, capture_output=True)
        first = [
            "pdftoppm",
            "-f",
            "1",
            "-l",
            "1",
            "-r",
            "95",
            "-png",
            "-singlefile",
            "-x",
            "20",
            "-y",
            "20",
            "-W",
            "640",
            "-H",
            "800",
        ]
        subprocess.run([*first, str(pdf), str(ROOT / "docs" / "pictures" / "summary")], check=True)


if __name__ == "__main__":
    main()
