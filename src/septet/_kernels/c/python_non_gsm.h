/* python_non_gsm.h: the characters that force a Python string into UCS-2, as a tuple of records. */
#ifndef SEPTET_PYTHON_NON_GSM_H
#define SEPTET_PYTHON_NON_GSM_H

#include <Python.h>

#include "python_records.h"
#include "scan_choice.h"

/* The string of a character; the last strings are kept, because texts have the same few characters. */
static PyObject *septet_char_string(uint32_t c)
{
#if defined(Py_GIL_DISABLED)
    return PyUnicode_FromOrdinal((int)c);
#else
    enum { KEPT = 64 };
    static PyObject *kept[KEPT];
    PyObject **const slot = kept + c % KEPT;
    if (*slot == NULL || PyUnicode_READ_CHAR(*slot, 0) != c) {
        PyObject *const string = PyUnicode_FromOrdinal((int)c);
        if (string == NULL)
            return NULL;
        Py_XSETREF(*slot, string);
    }
    return Py_NewRef(*slot);
#endif
}

/* The characters of a text that its rules lack, a record of each with its index. */
static PyObject *septet_non_gsm_characters(PyTypeObject *type, const septet_text *text, const septet_rules *rules)
{
    const septet_coding coding = septet_least_lacking_pair(text, rules);
    const ptrdiff_t first = septet_next_lacking(text, rules, coding, 0);
    PyObject *characters;
    ptrdiff_t count = 0, i;
    for (i = first; i < text->length; i = septet_next_lacking(text, rules, coding, i + 1))
        count++;
    characters = PyTuple_New(count);
    for (i = first, count = 0; i < text->length && characters != NULL;
         i = septet_next_lacking(text, rules, coding, i + 1), count++) {
        PyObject *const fields[] = {septet_char_string(septet_char(text, i)), PyLong_FromSsize_t(i)};
        PyObject *const character = septet_record(type, fields, 2, 1);
        if (character == NULL)
            Py_CLEAR(characters);
        else
            PyTuple_SET_ITEM(characters, count, character);
    }
    return characters;
}

#endif
