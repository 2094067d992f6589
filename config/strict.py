"""Declarations that are checked as they are read: what a file of the project's own YAML must look like."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

from config.declarations import declaration

Declared = TypeVar("Declared")


class Strict(BaseModel):
    """A part of a declaration: an unknown key is an error, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_yaml(path: Path, model: type[Declared]) -> Declared:
    """A file of declarations and the shape it must have (a model, a `dict` of models) in; the checked values out."""
    return TypeAdapter(model).validate_python(declaration(path))
