"""1CClientBankExchange text → one RawTable: a document a row, the statement's account and sums in each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.table import MEGABYTE, Kind, Opened
from connectors.files.text.encoding import encoding_of, lines_of, text_of

OWN_ACCOUNT = "РасчСчет"
"""Column that holds the accounts of the heading, each once, separated by `;`: a payer among them is ours."""
KIND = "СекцияДокумент"
FIRST_LINE = b"1CClientBankExchange"
DAY_OFF = dict.fromkeys((KIND, "Номер", "Дата", "Сумма", "ПлательщикСчет", "ПолучательСчет", "Получатель"), "")
"""What the documents of a statement have; one of a day off has none to tell it by."""
MOST_BYTES = 64 * MEGABYTE
"""A statement above this size is not looked into for its accounts alone."""


@dataclass
class Statement:
    """What the lines said so far."""

    heading: dict[str, str] = field(default_factory=dict)
    accounts: list[dict[str, str]] = field(default_factory=list)
    documents: list[dict[str, str]] = field(default_factory=list)
    is_complete: bool = False


def read_bank(file: Opened) -> list[RawTable]:
    """A bank statement in; its documents as rows under a header of their keys out.

    Columns beside the documents' own: `СекцияДокумент` (its kind), and of the heading `РасчСчет`, `ДатаНачала`,
    `ДатаКонца`, `ВсегоПоступило`, `ВсегоСписано`, unless the documents have such a key themselves. A statement of days
    without a payment has no rows.
    Raises SourceError if the file ends before `КонецФайла`.
    """
    data = file.whole()
    statement = _parse(lines_of(_decode(data)))
    if not statement.is_complete:
        raise SourceError("files.bank_truncated", file=file.name)
    return [file.table(_rows(statement), Kind.BANK)]


def own_accounts(path: Path) -> list[str]:
    """Any file in; the accounts whose statement it is out, none if it is no statement."""
    with path.open("rb") as file:
        if FIRST_LINE not in file.read(64) or path.stat().st_size > MOST_BYTES:
            return []
        file.seek(0)
        statement = _parse(lines_of(_decode(file.read())))
    return [account for account in _common(statement)[OWN_ACCOUNT].split(";") if account]


def _decode(data: bytes) -> str:
    """The text, by its letters: a `Кодировка=DOS` line often stands above Windows text."""
    encoding = encoding_of(data)
    return text_of(data, encoding).lstrip("\ufeff")


def _parse(lines: list[str]) -> Statement:
    found = Statement()
    section: dict[str, str] | None = None
    for key, value in _pairs(lines):
        match key.casefold():
            case "секциярасчсчет":
                section = {}
                found.accounts.append(section)
            case "секциядокумент":
                section = {KIND: value}
                found.documents.append(section)
            case "конецрасчсчет" | "конецдокумента":
                section = None
            case "конецфайла":
                found.is_complete = True
            case _:
                target = found.heading if section is None else section
                target[key] = f"{target[key]};{value}" if section is None and key in target else value
    return found


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        key, _, value = line.partition("=")
        if key.strip():
            yield key.strip(), value.strip()


def _rows(statement: Statement) -> list[list[str]]:
    names = list(dict.fromkeys(key for document in statement.documents or [DAY_OFF] for key in document))
    common = {name: value for name, value in _common(statement).items() if name not in names}
    header = [*names, *common]
    return [
        header,
        *([document.get(name, "") for name in names] + list(common.values()) for document in statement.documents),
    ]


def _common(statement: Statement) -> dict[str, str]:
    """Columns that say the same in every row: whose statement it is and what it must add up to."""
    heading = statement.heading
    accounts = [account.get("РасчСчет", "") for account in statement.accounts] or heading.get("РасчСчет", "").split(";")
    own = list(dict.fromkeys([*accounts, *heading.get("РасчСчет", "").split(";")]))
    common = {OWN_ACCOUNT: ";".join(account for account in own if account)}
    for name in ("ДатаНачала", "ДатаКонца"):
        common[name] = heading.get(name, "")
    for name in ("ВсегоПоступило", "ВсегоСписано"):
        common[name] = ";".join(account[name] for account in statement.accounts if account.get(name))
    return common
