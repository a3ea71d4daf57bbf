"""The tables of grapheme clusters, and searches in them, for all modules in Cython."""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint32_t

from ._bounds cimport check_length

cdef extern from "c/clusters.h" nogil:
    enum:
        SEPTET_CLUSTER_WIDTH
        SEPTET_CLASSES_LENGTH

    ctypedef struct septet_clusters:
        const uint8_t *classes
        const uint8_t *transitions
        uint32_t certain[32]

    ctypedef struct septet_cluster_search:
        pass

    septet_cluster_search septet_start_search(const septet_clusters *clusters)


cdef inline int bind_clusters(tuple rules, septet_clusters *clusters) except -1:
    """Point at the tables of a `ClusterRules`, which must live as long, after checking them."""
    cdef bytes classes, transitions
    cdef tuple certain
    cdef Py_ssize_t index
    classes, transitions, certain = rules
    check_length("classes", len(classes), SEPTET_CLASSES_LENGTH)
    check_length("transitions", len(transitions), SEPTET_CLUSTER_WIDTH * SEPTET_CLUSTER_WIDTH)
    check_length("certain", len(certain), SEPTET_CLUSTER_WIDTH)
    clusters.classes = <const uint8_t *>PyBytes_AS_STRING(classes)
    clusters.transitions = <const uint8_t *>PyBytes_AS_STRING(transitions)
    for index in range(SEPTET_CLUSTER_WIDTH):
        clusters.certain[index] = certain[index]
    return 0
