"""What several tests use: stands for the outside world, and small builders."""
