# cython: language_level=3
"""Use the compiled implementation from other compiled code, without a Python call for each text.

The headers are installed beside the modules. To build this file in place and try it:

    python -m pip install Cython setuptools
    headers=$(python -c 'import septet._kernels; print(*septet._kernels.__path__)')
    CFLAGS=-I$headers cythonize -i cimport_kernel.pyx
    python -c 'import cimport_kernel; print(cimport_kernel.units_of(["one", "€"]))'
"""

from septet._kernels._compiled cimport Kernel, septet_choice, septet_text
from septet._kernels._compiled_python_h cimport view_text

from septet import Segmenter


def units_of(texts, Kernel kernel=Segmenter().kernel):
    """Return the total units of all texts, adding septets and code units."""
    cdef septet_text view
    cdef septet_choice choice
    cdef Py_ssize_t units = 0
    for text in texts:
        text = view_text(text, &view)
        kernel.choose(text, &view, &choice)
        units += choice.units
    return units
