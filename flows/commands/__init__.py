"""The commands of `svodka`, one module each."""
