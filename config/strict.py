"""Declarations that are checked as they are read: what a file of the project's own YAML must look like."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from config.declarations import declaration
from config.errors import ConfigError

Declared = TypeVar("Declared")


class Strict(BaseModel):
    """A part of a declaration: an unknown key is an error, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_yaml(path: Path, model: type[Declared]) -> Declared:
    """A file of declarations and the shape it must have (a model, a `dict` of models) in; the checked values out."""
    return declared_as(model, declaration(path), path)


def declared_as(model: type[Declared], values: object, path: Path) -> Declared:
    """The shape, values and their file in; the checked values out. Raises ConfigError that names the file and keys."""
    try:
        return TypeAdapter(model).validate_python(values)
    except ValidationError as error:
        mistakes = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ConfigError("config.declaration", file=f"{path.parent.name}/{path.name}", mistakes=mistakes) from error
