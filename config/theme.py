"""How it looks: theme.yaml → Look by name, colours of heat tables and of chart series; free of any product."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.documents import HighlightKind, SeriesRole
from config.strict import Strict, read_yaml

Line = Literal["none", "hair", "strong"]


class Look(Strict):
    """Everything a writer needs to draw one cell. Colours are RRGGBB."""

    pattern: str | None = None
    """Number pattern in the notation that workbooks and Google share, without a locale head; None = general."""
    is_text: bool = False
    """The value is text whatever it looks like: never a formula, never a number."""
    align: Literal["left", "center", "right"] = "left"
    vertical: Literal["top", "center", "bottom"] = "center"
    wrap: bool = False
    indent: int = 0
    """Steps away from the edge it is aligned to."""
    font: str = "Arial"
    size: int = 10
    bold: bool = False
    italic: bool = False
    color: str = "1F2937"
    fill: str | None = None
    top: Line = "none"
    bottom: Line = "none"


class Stroke(Strict):
    """How one chart series is drawn."""

    color: str
    width_pt: float = 2.0
    is_dashed: bool = False
    is_outline: bool = False


class Heat(Strict):
    """Colours of the lowest, the middle and the highest value of a heat table."""

    low: str
    middle: str
    high: str


class Theme(Strict):
    """The whole of theme.yaml."""

    formats: dict[str, dict[str, object]]
    styles: dict[str, dict[str, object]]
    strokes: dict[SeriesRole, Stroke]
    running_fill: str
    """Fill of a bar whose month is still running."""
    heats: dict[HighlightKind, Heat]
    lines: dict[str, str] = Field(default_factory=dict)
    """hair, strong, gridline → colour."""
    axis_color: str = "6B7280"
    axis_size: int = 8


@cache
def theme() -> Theme:
    """The theme that every writer draws by."""
    return read_yaml(Path(__file__).parent / "theme.yaml", Theme)


@cache
def look(name: str) -> Look:
    """`money`, `money.main`, `change.worse.total` in, the finished Look out: a format, then styles laid over it.

    Raises KeyError for an unknown part: a mistake of ours.
    """
    first, *styles = name.split(".")
    merged = dict(theme().formats[first])
    for style in styles:
        merged.update(theme().styles[style])
    return Look.model_validate(merged)
