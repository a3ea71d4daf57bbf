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

/* One segment of a text: its body, units, start, stop, sequence and total. */
static inline PyObject *septet_segment(PyTypeObject *type, PyObject *body, Py_ssize_t units, PyObject *start,
                                       PyObject *stop, Py_ssize_t sequence, PyObject *total)
{
    PyObject *const fields[] = {
        Py_NewRef(body), PyLong_FromSsize_t(units),    Py_NewRef(start),
        Py_NewRef(stop), PyLong_FromSsize_t(sequence), Py_NewRef(total),
    };
    return septet_record(type, fields, 6, 1);
}

/* One segment of a text as octets, in the order of `EncodedSegment`. */
static inline PyObject *septet_encoded_segment(PyTypeObject *type, PyObject *data_coding, PyObject *udh,
                                               PyObject *user_data, Py_ssize_t user_data_length, PyObject *body,
                                               PyObject *reference, PyObject *total, Py_ssize_t sequence)
{
    PyObject *const fields[] = {
        Py_NewRef(data_coding), Py_NewRef(udh),       Py_NewRef(user_data), PyLong_FromSsize_t(user_data_length),
        Py_NewRef(body),        Py_NewRef(reference), Py_NewRef(total),     PyLong_FromSsize_t(sequence),
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
