"""Arrow and Parquet files, and tables of other libraries, as batches of bounded size."""
