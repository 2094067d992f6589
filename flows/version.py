"""The version of the installed distribution."""

from importlib.metadata import PackageNotFoundError, version


def own_version() -> str:
    """As the package says; `0` in a checkout that was never installed."""
    try:
        return version("svodka")
    except PackageNotFoundError:
        return "0"
