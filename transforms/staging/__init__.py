"""Recognised tables → SQL that types their rows, names what is refused, and makes rows of the staged tables."""

from transforms.staging.context import StagingContext, fingerprint
from transforms.staging.stage import stage

__all__ = ["StagingContext", "fingerprint", "stage"]
