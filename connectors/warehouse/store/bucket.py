"""How DuckDB sees an S3 bucket in which nobody changes a file once it is written: each is asked about once."""

from typing import Any

from s3fs import S3FileSystem


class Bucket(S3FileSystem):  # type: ignore[misc]  # it has no types
    """Of one connection. Whoever writes here begins a file that was not there, so nobody looks what is in the way."""

    cachable = False

    def __init__(self, **options: Any) -> None:
        self._known: dict[str, Any] = {}
        super().__init__(**options, use_listings_cache=False)

    async def _info(self, path: str, *asked: Any, **options: Any) -> Any:
        """What is told of a file; of one that is not there, or of a folder, nothing is remembered."""
        place = self._strip_protocol(path)
        if place not in self._known:
            found = await super()._info(path, *asked, **options)
            if found["type"] != "file":
                return found
            self._known[place] = found
        return self._known[place]

    def isfile(self, path: str) -> bool:
        """DuckDB asks this of what it is going to write alone."""
        return self._strip_protocol(path) in self._known

    def isdir(self, path: str) -> bool:
        """DuckDB asks this of what it is going to write alone."""
        return False

    def invalidate_cache(self, path: str | None = None) -> None:
        """Forget what is told of a file, of all without one: it has been written, or is gone."""
        if path is None:
            self._known.clear()
        else:
            self._known.pop(self._strip_protocol(path), None)
        super().invalidate_cache(path)
