/* python_text.h: access to Python strings, lists and types that Cython does not offer. */
#ifndef SEPTET_PYTHON_TEXT_H
#define SEPTET_PYTHON_TEXT_H

#include <Python.h>

#include "scan_types.h"

/* Since Python 3.12 every string is ready. */
#if PY_VERSION_HEX < 0x030C0000
#define septet_make_ready(text) PyUnicode_READY(text)
#define septet_is_ready(text) PyUnicode_IS_READY(text)
#else
#define septet_make_ready(text) 0
#define septet_is_ready(text) 1
#endif

/* Compilers place the code after a likely condition before the code for the rare texts. */
#if defined(__GNUC__) || defined(__clang__)
#define septet_likely(condition) __builtin_expect(condition, 1)
#else
#define septet_likely(condition) (condition)
#endif

/* Prefetch a text of a list that is read soon. Most texts are no longer than LINES cache lines; reading
 * the length would already wait for memory. Not where another thread could change the list meanwhile.
 */
static inline void septet_prefetch(PyObject *texts, Py_ssize_t row)
{
#if (defined(__GNUC__) || defined(__clang__)) && !defined(Py_GIL_DISABLED)
    enum { LINE = 64, LINES = 4 };
    if (row < PyList_GET_SIZE(texts)) {
        const char *text = (const char *)PyList_GET_ITEM(texts, row);
        int line;
        for (line = 0; line < LINES; line++)
            __builtin_prefetch(text + line * LINE);
    }
#endif
}

/* Point the view at a text; return 0 if it is not exactly a `str` that is ready to be read. */
static inline int septet_view_str(PyObject *text, septet_text *view)
{
    if (!PyUnicode_CheckExact(text) || !septet_is_ready(text))
        return 0;
    view->data = PyUnicode_DATA(text);
    view->length = PyUnicode_GET_LENGTH(text);
    view->width = PyUnicode_KIND(text);
    return 1;
}

/* The same for a text of a list, without taking a reference. Return 0 if the text is not exactly a
 * `str`, if the list has become shorter, or if another thread could remove the text meanwhile.
 */
static inline int septet_view_borrowed(PyObject *texts, Py_ssize_t row, septet_text *view)
{
#if !defined(Py_GIL_DISABLED)
    return septet_likely(row < PyList_GET_SIZE(texts) && septet_view_str(PyList_GET_ITEM(texts, row), view));
#else
    return 0;
#endif
}

/* Raise the RuntimeError for a list that has become shorter. */
static inline PyObject *septet_list_changed(void)
{
    PyErr_SetString(PyExc_RuntimeError, "the list changed while it was read");
    return NULL;
}

/* Return a new reference to an item of a list that other threads may change; `row` is not negative. */
static inline PyObject *septet_item(PyObject *list, Py_ssize_t row)
{
#if defined(Py_GIL_DISABLED)
    PyObject *const item = PyList_GetItemRef(list, row);
    return item != NULL ? item : septet_list_changed();
#else
    return row < PyList_GET_SIZE(list) ? Py_NewRef(PyList_GET_ITEM(list, row)) : septet_list_changed();
#endif
}

/* Raise RuntimeError if a list has become shorter than the rows to read. */
static inline int septet_check_list(PyObject *list, Py_ssize_t stop)
{
    if (stop <= PyList_GET_SIZE(list))
        return 0;
    septet_list_changed();
    return -1;
}

#endif
