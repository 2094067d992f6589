"""Tests of Svodka; a package, so that tests can share helpers."""
