"""What the pages of one subject say first, and the tables that they alone have."""
