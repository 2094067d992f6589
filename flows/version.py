"""The version of the installed distribution."""


def own_version() -> str:
    """As the package says; `0` in a checkout that was never installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("svodka")
    except PackageNotFoundError:
        return "0"
