/* python_slots.h: fill the __slots__ of a Python class without calling it. */
#ifndef SEPTET_PYTHON_SLOTS_H
#define SEPTET_PYTHON_SLOTS_H

#include <Python.h>

#include <structmember.h>

/* The offset of a slot in the instances of a class; -1 and TypeError if it has no such slot. */
static inline Py_ssize_t septet_slot_offset(PyTypeObject *type, PyObject *name)
{
    PyObject *const slot = PyObject_GetAttr((PyObject *)type, name);
    Py_ssize_t offset = -1;
    if (slot == NULL) {
        PyErr_Clear();
    } else {
        if (Py_TYPE(slot) == &PyMemberDescr_Type
            && PyType_IsSubtype(type, ((PyDescrObject *)slot)->d_type)
            && ((PyMemberDescrObject *)slot)->d_member->type == T_OBJECT_EX)
            offset = ((PyMemberDescrObject *)slot)->d_member->offset;
        Py_DECREF(slot);
    }
    if (offset < 0)
        PyErr_Format(
            PyExc_TypeError, "result must have a slot %R, but %s has none", name, type->tp_name);
    return offset;
}

/* An instance with empty slots; neither __new__ nor __init__ is called. */
static inline PyObject *septet_allocate(PyTypeObject *type)
{
    return type->tp_alloc(type, 0);
}

/* Fill an empty slot. */
static inline void septet_fill_slot(PyObject *instance, Py_ssize_t offset, PyObject *value)
{
    Py_INCREF(value);
    *(PyObject **)((char *)instance + offset) = value;
}

/* Fill an empty slot with a number; -1 without memory. */
static inline int septet_fill_number(PyObject *instance, Py_ssize_t offset, Py_ssize_t value)
{
    PyObject *const number = PyLong_FromSsize_t(value);
    *(PyObject **)((char *)instance + offset) = number;
    return number != NULL ? 0 : -1;
}

#endif
