"""What a wrong file or a person left behind, removed."""
