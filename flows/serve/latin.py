"""Russian letters → Latin ones, for a page that draws no others."""

from __future__ import annotations

LETTERS = str.maketrans(
    dict(
        zip(
            "абвгдеёзийклмнопрстуфхъыьэ№«»·…—–",
            ('a b v g d e e z i y k l m n o p r s t u f h | y | e N " " - ... - -').replace("|", "\0").split(" "),
            strict=True,
        )
    )
    | {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "\u00a0": " "}
)


def in_latin(text: str) -> str:
    """`Читаю exports/Звонки.csv` → `Chitayu exports/Zvonki.csv`."""
    small = "".join(_capital(letter) for letter in text)
    return small.replace("\0", "")


def _capital(letter: str) -> str:
    lower = letter.lower().translate(LETTERS)
    return lower.capitalize() if letter.isupper() and letter.lower() != letter else lower
