/* python_records.h: make instances of subclasses of `tuple`, such as named tuples, without calling them. */
#ifndef SEPTET_PYTHON_RECORDS_H
#define SEPTET_PYTHON_RECORDS_H

#include <Python.h>

/* Make a record of fields, whose references it takes; NULL if one of them is NULL, or without memory.
 *
 * Fields that refer to nothing else need no garbage collector: a record of such fields is `atomic`, and is
 * not shown to it.
 */
static inline PyObject *septet_record(PyTypeObject *type, PyObject *const *fields, Py_ssize_t count, int atomic)
{
    PyObject *record = NULL;
    Py_ssize_t i;
    for (i = 0; i < count && fields[i] != NULL; i++)
        ;
    if (i == count && atomic && type->tp_basicsize == PyTuple_Type.tp_basicsize) /* so it has no __dict__ */
        record = (PyObject *)PyObject_GC_NewVar(PyTupleObject, type, count);
    else if (i == count)
        record = type->tp_alloc(type, count);
    if (record == NULL) {
        for (i = 0; i < count; i++)
            Py_XDECREF(fields[i]);
        return NULL;
    }
#if PY_VERSION_HEX >= 0x030E0000
    ((PyTupleObject *)record)->ob_hash = -1; /* not computed yet */
#endif
    for (i = 0; i < count; i++)
        PyTuple_SET_ITEM(record, i, fields[i]);
    return record;
}

/* The characters of a text from `start` to `stop`, by the shortest way for ASCII. */
static inline PyObject *septet_body(PyObject *text, Py_ssize_t start, Py_ssize_t stop)
{
    PyObject *body;
    if (!PyUnicode_IS_ASCII(text) || stop - start < 2 || stop - start == PyUnicode_GET_LENGTH(text))
        return PyUnicode_Substring(text, start, stop);
    body = PyUnicode_New(stop - start, 0x7F);
    if (body != NULL) /* for memcpy, GCC makes an instruction that is slow to start if it knows a bound */
        memmove(PyUnicode_DATA(body), (const char *)PyUnicode_DATA(text) + start, (size_t)(stop - start));
    return body;
}

/* A number that is not negative. PyLong_FromLong is the fastest function for most of them. */
static inline PyObject *septet_number(Py_ssize_t value)
{
    return value <= LONG_MAX ? PyLong_FromLong((long)value) : PyLong_FromSsize_t(value);
}

/* One segment of a text: its body, units, start, stop, sequence and total. */
static inline PyObject *septet_segment(PyTypeObject *type, PyObject *text, Py_ssize_t start, Py_ssize_t stop,
                                       Py_ssize_t units, PyObject *first, PyObject *last, Py_ssize_t sequence,
                                       PyObject *total)
{
    PyObject *const fields[] = {
        septet_body(text, start, stop), septet_number(units),    Py_NewRef(first),
        Py_NewRef(last),                septet_number(sequence), Py_NewRef(total),
    };
    return septet_record(type, fields, 6, 1);
}

/* One segment of a text as octets, in the order of `EncodedSegment`; the header is the beginning of the octets. */
static inline PyObject *septet_encoded_segment(PyTypeObject *type, PyObject *data_coding, const uint8_t *octets,
                                               Py_ssize_t udh_size, Py_ssize_t user_data_size,
                                               Py_ssize_t user_data_length, PyObject *text, Py_ssize_t start,
                                               Py_ssize_t stop, PyObject *reference, Py_ssize_t total,
                                               Py_ssize_t sequence)
{
    PyObject *const fields[] = {
        Py_NewRef(data_coding),
        PyBytes_FromStringAndSize((const char *)octets, udh_size),
        PyBytes_FromStringAndSize((const char *)octets, user_data_size),
        septet_number(user_data_length),
        septet_body(text, start, stop),
        Py_NewRef(reference),
        septet_number(total),
        septet_number(sequence),
    };
    return septet_record(
        type, fields, 8,
        PyLong_CheckExact(data_coding) && (reference == Py_None || PyLong_CheckExact(reference)));
}

/* A text and its replacements: none. */
static inline PyObject *septet_unchanged_text(PyTypeObject *type, PyObject *text)
{
    PyObject *const fields[] = {Py_NewRef(text), PyTuple_New(0)};
    return septet_record(type, fields, 2, 0);
}

#endif
