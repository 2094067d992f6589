"""The vocabulary of Svodka: declarations and nothing else."""
