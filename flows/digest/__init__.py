"""The morning's words and picture, from the report to the owner's phone."""
