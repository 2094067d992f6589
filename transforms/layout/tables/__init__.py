"""Tables and charts that any page may have: by channel or manager, by month, as a chain."""
