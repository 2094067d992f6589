"""What a person puts right in a source: written down beside it, never in it."""
