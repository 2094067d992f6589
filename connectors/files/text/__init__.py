"""Text tables: in which encoding, what separates cells, records and their widths, and pieces of a huge one."""
