"""What makes pages of the docs; no part of the product."""
