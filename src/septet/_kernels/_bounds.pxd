"""Checks of arguments, once per call of a kernel; the same as in `python.bounds`."""


cdef inline Py_ssize_t check_rows(Py_ssize_t first, Py_ssize_t stop) except -1:
    """Check a range of rows, and return the number of rows from `first` up to `stop`."""
    if not 0 <= first <= stop:
        raise ValueError(f"rows {first} to {stop}: first must be from 0 to stop")
    return stop - first


cdef inline int check_min_length(str name, Py_ssize_t length, Py_ssize_t rows) except -1:
    """Check that a buffer has a value for each row that is read or written."""
    if length < rows:
        raise ValueError(f"{name} has {length} values for {rows} rows")
    return 0


cdef inline int check_length(str name, Py_ssize_t length, Py_ssize_t rows) except -1:
    """Check that a buffer has exactly one value for each row."""
    if length != rows:
        raise ValueError(f"{name} has {length} values for {rows} rows")
    return 0


cdef inline int check_pairs(tuple pairs) except -1:
    """Check that the first pair of tables, if there is any, is the default one."""
    if pairs and pairs[0][:2] != (0, 0):
        raise ValueError(f"the first pair must have the default tables (0, 0), not {pairs[0][:2]}")
    return 0


cdef inline type check_record(str name, type record):
    """Check the type of records that a kernel makes, and return it."""
    if not issubclass(record, tuple):
        raise TypeError(f"{name} must be a subclass of tuple, not {record.__name__}")
    return record
