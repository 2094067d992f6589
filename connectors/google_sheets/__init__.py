"""Google Sheets: read an owner's tables, publish the report into a spreadsheet that the owner shares and rearranges."""
