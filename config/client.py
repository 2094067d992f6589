"""svodka.yaml → Client: sources, dictionaries, settings, reports, schedule."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from config.messages import Language
from config.strict import Strict

Grain = Literal["day", "week", "month", "year"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _with_slashes(patterns: list[str]) -> list[str]:
    return [pattern.replace("\\", "/") for pattern in patterns]


Texts = Annotated[list[str], BeforeValidator(_as_list)]
Patterns = Annotated[Texts, AfterValidator(_with_slashes)]
"""Of files; folders may be told apart as Windows does it."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise PydanticCustomError("unknown_zone", "unknown timezone") from error
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
"""An IANA name, `Europe/Moscow`."""


class DictionaryPlace(Strict):
    """A dictionary, or a table of rates, kept in a spreadsheet."""

    sheet: str
    tab: str


class SourceConfig(Strict):
    """One source: which files or tabs, which table they feed, and what only the client knows about them."""

    table: str
    title: str | None = None
    """How the report calls it; without it, by its table and the vendor of its export."""
    files: Patterns = Field(default_factory=list)
    sheet: str | None = None
    tab: Texts = Field(default_factory=list)
    range: str | None = None
    """A named range of the spreadsheet, instead of tabs."""
    profile: str = "auto"
    columns: dict[str, Texts] = Field(default_factory=dict)
    times: dict[str, str] = Field(default_factory=dict)
    """Our column → the header of its time of day, where `columns` says `{date: …, time: …}`."""
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, Texts]] = Field(default_factory=dict)
    formats: dict[str, str] = Field(default_factory=dict)
    period: str | dict[str, str] | None = None
    """`2026-08-01..2026-08-31`, or file pattern → such a period."""
    months_across: str | dict[str, str] | None = None
    """Our column whose amounts stand under headings that are months; or that column → the year of the first of them."""
    vat: Literal["included", "excluded"] | None = None
    currency: str | None = None
    """Of the money in this source, if not roubles: ISO code; needs `rates`."""
    rates: str | DictionaryPlace | None = None
    """File or tab with `date,currency,rate` (roubles for one unit)."""
    timezone: Zone | None = None
    where: dict[str, Texts] = Field(default_factory=dict)
    """Header → values: only these rows are business, others are skipped."""
    exclude: dict[str, Texts] = Field(default_factory=dict)
    """Our column or a header → values, or one CSV file of values, whose rows are skipped."""
    stale_days: int | None = Field(default=None, ge=0)
    repeats: Literal["keep", "drop"] | None = None
    """Rows equal in every cell: separate ones, or one row exported twice. Without it: of one id one, else separate."""
    amounts: Literal["line", "deal"] | None = None
    """What an amount that all lines of a deal repeat belongs to."""
    units: dict[str, Literal["one", "thousand", "million", "kopecks"]] = Field(default_factory=dict)
    """Our column of money → in what its figures are given."""
    signs: dict[str, Literal["plus", "minus", "income"]] = Field(default_factory=dict)
    """Our column of money → the sign that an ordinary amount bears: with `minus` a plus is a return.

    With `income` a minus is what the owner paid, and no row of the table.
    """
    refunds: dict[str, Texts] = Field(default_factory=dict)
    """Header → the words in it that make a row a refund."""

    @model_validator(mode="before")
    @classmethod
    def _times_apart(cls, written: Any) -> Any:
        """`started_at: {date: Дата, time: Время}` is a column and its time."""
        columns = written.get("columns") if isinstance(written, dict) else None
        if not isinstance(columns, dict):
            return written
        both = {n: one for n, one in columns.items() if isinstance(one, dict) and set(one) == {"date", "time"}}
        if not both:
            return written
        times = {**written.get("times", {}), **{name: str(one["time"]) for name, one in both.items()}}
        days = {name: one["date"] for name, one in both.items()}
        return {**written, "columns": {**columns, **days}, "times": times}

    @model_validator(mode="after")
    def _one_place(self) -> SourceConfig:
        if bool(self.files) == bool(self.sheet):
            raise PydanticCustomError("one_place", "exactly one of files and sheet")
        return self

    @model_validator(mode="after")
    def _one_amount(self) -> SourceConfig:
        years = list(self.months_across.values()) if isinstance(self.months_across, dict) else ["2000"]
        if len(years) != 1 or not re.fullmatch(r"20\d\d", years[0]):
            raise PydanticCustomError("months_across", "one column and a year")
        return self

    @property
    def amount_across(self) -> str | None:
        """Our column whose amounts stand under months."""
        return next(iter(self.months_across)) if isinstance(self.months_across, dict) else self.months_across

    @property
    def first_year(self) -> int | None:
        """The year of the first month, where svodka.yaml says it."""
        return int(next(iter(self.months_across.values()))) if isinstance(self.months_across, dict) else None

    @property
    def rates_key(self) -> str:
        """What the table of rates is known by: its path, or its spreadsheet and tab; empty without one."""
        place = self.rates
        return f"{place.sheet}!{place.tab}" if isinstance(place, DictionaryPlace) else place or ""


class Dictionaries(Strict):
    """alias → name, from a CSV file beside svodka.yaml or from a spreadsheet."""

    channels: str | DictionaryPlace | None = None
    managers: str | DictionaryPlace | None = None
    loss_reasons: str | DictionaryPlace | None = None
    """alias, name, group: competitor | external | own."""
    partners: str | DictionaryPlace | None = None
    """name, promo_code, utm_source, share, rub_per_client."""


class CallsSettings(Strict):
    """How calls are counted."""

    count: Literal["all", "unique", "target", "enquiries"] = "all"
    unique_days: int = Field(default=30, ge=1)
    target_seconds: int = Field(default=20, ge=0)


class SubscribersSettings(Strict):
    """Who is an active subscriber."""

    active_days: int = Field(default=30, ge=1)


class ClientsSettings(Strict):
    """Who is a client alive."""

    client_days: int = Field(default=90, ge=1)
    segment_orders: tuple[int, int] = (2, 4)
    """From how many orders on somebody buys several times, and many."""

    @field_validator("segment_orders")
    @classmethod
    def _rising(cls, orders: tuple[int, int]) -> tuple[int, int]:
        if not 1 < orders[0] < orders[1]:
            raise PydanticCustomError("rising", "two whole numbers above 1, the second above the first")
        return orders


class ManagersSettings(Strict):
    """From how many callers on a manager's conversion is shown in full."""

    min_callers: int = Field(default=30, ge=0)


class ChannelsSettings(Strict):
    """From how many clients on a channel's row is not grey."""

    min_clients: int = Field(default=5, ge=0)


class AttributionSettings(Strict):
    """Whose call brought a deal."""

    model: Literal["last", "first"] = "last"
    lookback_days: int = Field(default=90, ge=0)


class LoadingSettings(Strict):
    """When a run stops, and when a source is old."""

    max_rejected_share: float = Field(default=0.05, ge=0, le=1)
    min_kept_share: float = Field(default=0.8, ge=0, le=1)
    """A file that comes back with a smaller share of its rows broke off, most likely."""
    stale_days: int = Field(default=3, ge=0)
    max_file_mb: int = Field(default=4096, ge=1)
    max_unpacked_mb: int = Field(default=2048, ge=1)


class EconomicsSettings(Strict):
    """What a unit is, and from how many on a month says something of the business."""

    unit: Literal["callers", "leads", "subscribers", "visitors"] = "callers"
    min_units: int = Field(default=30, ge=0)
    min_buyers: int = Field(default=10, ge=0)
    """A month with fewer units or buyers is no measure of what the business can do."""


class CostsSettings(Strict):
    """Which costs are advertising, hence in ad_spend already."""

    advertising_items: Texts = Field(default_factory=list)


def _default_grains() -> list[Grain]:
    return ["week", "month"]


class ClosedMonthsSettings(Strict):
    """When a month is done with."""

    after_days: int = Field(default=10, ge=0)
    """A month is closed so many days after its last one: a figure of it that moves is told, however little."""


class ClientSettings(Strict):
    """Every setting has a default."""

    calls: CallsSettings = CallsSettings()
    subscribers: SubscribersSettings = SubscribersSettings()
    clients: ClientsSettings = ClientsSettings()
    managers: ManagersSettings = ManagersSettings()
    channels: ChannelsSettings = ChannelsSettings()
    attribution: AttributionSettings = AttributionSettings()
    loading: LoadingSettings = LoadingSettings()
    economics: EconomicsSettings = EconomicsSettings()
    costs: CostsSettings = CostsSettings()
    closed_months: ClosedMonthsSettings = ClosedMonthsSettings()
    grains: list[Grain] = Field(default_factory=_default_grains)
    personal_data: Literal["mask", "keep"] = "mask"

    @field_validator("grains")
    @classmethod
    def _month_always(cls, grains: list[Grain]) -> list[Grain]:
        return list(dict.fromkeys([*grains, "month"]))


Narrowing = Literal["manager", "channel", "partner"]
"""What a report may be narrowed to: a column of metric tables."""
REPORT = "out/Сводка.xlsx"


class Edition(Strict):
    """One of the client's reports: where it is written, and what its reader is to see of the whole."""

    xlsx: str | None = None
    sheet: str | None = None
    html: str | None = None
    """One static page with the same sheets, to look at in a browser."""
    prefix: str = Field(default="", max_length=40, pattern=r"^\S*( \S+)*$")
    """Beginning of the titles of this client's tabs, where several clients share the spreadsheet."""
    pages: Texts = Field(default_factory=list)
    """Keys of the pages that it has; without them, all that can be shown to its reader."""
    managers: Texts = Field(default_factory=list)
    channels: Texts = Field(default_factory=list)
    partner: str | None = None
    sees: Literal["own", "all"] = "own"
    """Whether a reader of some managers, channels or one partner sees the figures of the whole too."""
    language: Language | None = None
    personal_data: Literal["mask", "keep"] | None = None
    control: bool = False
    """The spreadsheet has a tab «Пульт», on which its owner asks for a run."""

    @model_validator(mode="after")
    def _control_somewhere(self) -> Edition:
        if self.control and self.sheet is None:
            raise PydanticCustomError("control_nowhere", "a spreadsheet")
        if self.control and self.by is not None:  # what became of a run names files and whoever is unknown
            raise PydanticCustomError("control_narrowed", "a report of the whole")
        return self

    @model_validator(mode="after")
    def _one_narrowing(self) -> Edition:
        narrowed = [bool(self.managers), bool(self.channels), bool(self.partner)]
        if sum(narrowed) > 1 or (self.sees == "all" and not any(narrowed)):
            raise PydanticCustomError("one_narrowing", "managers, channels or a partner")
        return self

    @property
    def by(self) -> Narrowing | None:
        """What it is narrowed to; None for a report of the whole."""
        return "manager" if self.managers else "channel" if self.channels else "partner" if self.partner else None

    @property
    def names(self) -> list[str]:
        """Whose figures it shows; empty for a report of the whole."""
        return [*self.managers, *self.channels, *([self.partner] if self.partner else [])]

    @property
    def is_whole(self) -> bool:
        """It is the client's report as it is, every page of it, in the client's language."""
        return not (self.by or self.pages or self.language or self.personal_data)

    @property
    def key(self) -> str:
        """Whose it is and where it stands: what is kept under it is never shown to another reader."""
        return self.model_dump_json(exclude={"control", "prefix"})

    @property
    def files(self) -> list[str]:
        """Paths of what is written beside svodka.yaml."""
        return [place for place in (self.xlsx, self.html) if place is not None]


def _as_editions(written: object) -> object:
    """One report may stand without a list; then there is a workbook unless it says otherwise."""
    if isinstance(written, str):
        raise PydanticCustomError("not_reports", "where to write has no kind")
    return [{"xlsx": REPORT, **written}] if isinstance(written, dict) else written


class Digest(Strict):
    """What the owner is told in the morning, and where."""

    to: Texts = Field(default_factory=list)
    """Addresses as in `notify`, of the owner."""
    at: str = Field("08:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """Time of the client's own day."""
    quiet_days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(default_factory=list)
    """Days on which one line says that nothing is new; on the others nothing is sent then."""


def is_bucket(path: object) -> bool:
    """Whether that is a path in an S3 bucket, not one of a disk."""
    return str(path).startswith(("s3://", "s3a://"))


class Engine(Strict):
    """What computes figures and rules: DuckDB in this process, or a server that speaks Spark Connect."""

    spark: str = ""
    """`sc://host:15002`, or `local`: Sail in this process, to try. Empty: DuckDB."""
    storage: str | None = None
    """A folder that this computer and all workers of the engine see under this path, or one of an S3 bucket."""

    @model_validator(mode="before")
    @classmethod
    def _duckdb(cls, written: Any) -> Any:
        return {} if written == "duckdb" else written

    @field_validator("spark")
    @classmethod
    def _a_server(cls, spark: str) -> str:
        if spark != "local" and not re.fullmatch(r"sc://\S+", spark):
            raise PydanticCustomError("engine_spark", "local or sc://host:port")
        return spark

    @field_validator("storage")
    @classmethod
    def _a_bucket(cls, storage: str | None) -> str | None:
        if storage and "://" in storage and not re.fullmatch(r"s3a?://[^/:@\s]+(/\S*)?", storage):
            raise PydanticCustomError("engine_bucket", "s3://bucket/folder")
        return storage

    @model_validator(mode="after")
    def _seen_by_all(self) -> Engine:
        if self.spark.startswith("sc:") and not self.storage:
            raise PydanticCustomError("engine_storage", "a folder for all workers")
        return self

    @property
    def is_local(self) -> bool:
        """Whether the server is to be started in this process."""
        return self.spark == "local"


class Client(Strict):
    """One client: a folder with svodka.yaml."""

    client: str
    timezone: Zone = "Europe/Moscow"
    country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    """Whose holidays are no working days, `RU`; without it, the country of the time zone."""
    language: Language = "ru"
    sources: dict[str, SourceConfig] = Field(min_length=1)
    dictionaries: Dictionaries = Dictionaries()
    corrections: str | DictionaryPlace = "corrections.csv"
    """A CSV file, a workbook or a tab of what a person put right in the sources' rows; a file need not be there."""
    settings: ClientSettings = ClientSettings()
    checked: dict[str, str] = Field(default_factory=dict)
    """A notice, as `notices.checked_key` calls it → why it puts no figure in doubt: somebody looked into it."""
    reports: Annotated[list[Edition], BeforeValidator(_as_editions)] = Field(
        default_factory=lambda: [Edition(xlsx=REPORT)], min_length=1
    )
    engine: Engine = Engine()
    schedule: str = "0 3 * * *"
    catch_up: bool = True
    """Whether the latest night is run late, if it was torn off or slept through."""
    notify: Texts = Field(default_factory=list)
    digest: Digest = Digest()


class AllReports(Strict):
    """Where the table of all clients goes."""

    xlsx: str | None = "out/Все клиенты.xlsx"
    sheet: str | None = None
    html: str | None = None


class Consultant(Strict):
    """Somebody with several clients: a folder whose svodka.yaml names theirs."""

    clients: Texts = Field(min_length=1)
    """Folders of clients, or patterns of them, inside this folder."""
    title: str | None = Field(default=None, max_length=80)
    """What the table of all clients is called."""
    timezone: Zone = "Europe/Moscow"
    language: Language = "ru"
    reports: AllReports = AllReports()
    schedule: str | None = None
    """When all of them run, one after another in a few processes; without it each has a night of its own."""
    catch_up: bool = True
    notify: Texts = Field(default_factory=list)


def parse_period(text: str) -> tuple[date, date]:
    """`2026-08-01..2026-08-31` → its first and last day. Raises ValueError if it is not two ordered dates."""
    first, _, last = text.partition("..")
    days = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    if days[0] > days[1]:
        raise ValueError("the period ends before it starts")
    return days
