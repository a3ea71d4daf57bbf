"""CSV and JSON Lines files, plain or compressed, as batches of columns."""
