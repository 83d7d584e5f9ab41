"""What leaves as a file: CSV, XLSX, a page to print. Takes plain data, never queries."""
