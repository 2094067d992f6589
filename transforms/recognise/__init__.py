"""Tables as found → which export each is and where our columns are in it."""

from transforms.recognise.choose import recognise, recognise_file, tabs_with_table
from transforms.recognise.complain import guess_columns, nearest
from transforms.recognise.recognised import Recognised

__all__ = ["Recognised", "guess_columns", "nearest", "recognise", "recognise_file", "tabs_with_table"]
