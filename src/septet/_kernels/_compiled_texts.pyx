# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False, cdivision=True
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.texts`: changes to one text.

`truncate` searches as `python.texts` does, but from a guess: in most texts, all characters take the
same units, and two counts prove that the guess is right.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_Substring

from ._bounds cimport check_record
from ._clusters cimport bind_clusters, septet_clusters
from ._clusters cimport septet_cluster_search, septet_start_search
from ._compiled cimport Kernel, septet_choice, septet_text
from ._compiled_python_h cimport septet_unchanged_text, septet_view_str, view_text

from threading import Lock

from ..standard.graphemes import cluster_rules
from ..standard.limits import septet_capacity

cdef extern from "c/beginnings.h" nogil:
    ctypedef struct septet_beginnings:
        septet_text text
        septet_text ellipsis
        void *joined
        int width

    void septet_start_beginnings(septet_beginnings *beginnings, void *joined)
    septet_text septet_beginning(septet_beginnings *beginnings, Py_ssize_t cut)

cdef extern from "c/clusters.h" nogil:
    bint septet_is_pair(const septet_text *text, Py_ssize_t index)
    Py_ssize_t septet_cluster_start(
        const septet_text *text, septet_cluster_search *search, Py_ssize_t index)

__all__ = ["Transliterator", "truncate"]

# The most characters in a segment.
cdef Py_ssize_t MAX_CHARS = septet_capacity(0)

# The tables of extended grapheme clusters, None until a text is cut.
cdef tuple cluster_tables = None
cdef septet_clusters clusters
cdef object binding = Lock()


def truncate(Kernel kernel not None, text, segments, ellipsis=""):
    """Return the longest beginning of a text that fits into a number of segments."""
    cdef septet_beginnings beginnings
    cdef Py_ssize_t needed
    if not isinstance(segments, int):
        raise TypeError(f"segments must be int, not {type(segments).__name__}")
    if segments < 1:
        raise ValueError(f"segments must be at least 1, not {segments}")
    plain_ellipsis = view_text(ellipsis, &beginnings.ellipsis)
    needed = count_text(kernel, plain_ellipsis, &beginnings.ellipsis)
    if needed > segments:
        raise ValueError(f"the ellipsis alone takes {needed} segments, but segments={segments}")
    plain = view_text(text, &beginnings.text)
    if count_text(kernel, plain, &beginnings.text) <= segments:
        return text
    beginning = PyUnicode_Substring(plain, 0, find_cut(kernel, &beginnings, segments))
    return beginning + plain_ellipsis if plain_ellipsis else beginning


cdef Py_ssize_t count_text(Kernel kernel, str text, const septet_text *view) except -1:
    """Return the segments of a text."""
    cdef septet_choice choice
    cdef Py_ssize_t segments = kernel.count_view(view, &choice)
    if segments == 0:
        kernel.choose(text, view, &choice)  # raises the error
    return segments


cdef Py_ssize_t find_cut(Kernel kernel, septet_beginnings *beginnings, Py_ssize_t limit) except -1:
    """Return where to cut a text that takes more segments than `limit`."""
    cdef septet_text text = beginnings.text
    cdef Py_ssize_t cuts = min(limit * MAX_CHARS + 1, text.length), first_ucs2, fitting, cut = 0
    cdef void *joined = NULL
    if cluster_tables is None:
        bind_tables()
    beginnings.text.length = cuts - 1
    beginnings.width = max(text.width, beginnings.ellipsis.width)
    if beginnings.ellipsis.length:
        joined = PyMem_Malloc((cuts + beginnings.ellipsis.length) * beginnings.width)
        if joined == NULL:
            raise MemoryError
    septet_start_beginnings(beginnings, joined)
    first_ucs2 = first_beyond(kernel, beginnings, 0, cuts, 0)
    fitting = first_beyond(kernel, beginnings, first_ucs2, cuts, limit)
    if fitting > first_ucs2:
        cut = cluster_start(&text, fitting - 1)
    if cut < first_ucs2:
        fitting = first_beyond(kernel, beginnings, 0, first_ucs2, limit)
        cut = cluster_start(&text, fitting - 1)
    PyMem_Free(joined)
    return cut


cdef Py_ssize_t first_beyond(
    Kernel kernel, septet_beginnings *beginnings, Py_ssize_t low, Py_ssize_t high,
    Py_ssize_t limit,
) noexcept:
    """Return the first cut from `low` on that takes more segments than `limit`, or `high`.

    With a limit of 0, it is the first one in UCS-2.
    """
    cdef Py_ssize_t probe = high - 1, step = 0, segments, units
    cdef septet_choice choice
    cdef septet_text beginning
    while low < high:
        beginning = septet_beginning(beginnings, probe)
        segments = kernel.count_view(&beginning, &choice)
        if segments <= limit if limit else choice.pair >= 0:
            low = probe + 1
            probe += step
            step *= 2
        elif limit and not step:
            high = probe
            units = choice.capacity.single if limit == 1 else limit * choice.capacity.concatenated
            # The cut if all characters took the same units.
            probe = <Py_ssize_t>(<double>beginning.length / choice.units * units)
            probe += 1 - beginnings.ellipsis.length
            step = 1
        else:
            high = probe
            probe -= step
            step *= 2
        if not low <= probe < high:
            probe = low + (high - low) // 2
    return low


cdef Py_ssize_t cluster_start(const septet_text *text, Py_ssize_t index) noexcept:
    """Return the last index, not after another, at which a grapheme cluster begins."""
    cdef septet_cluster_search search = septet_start_search(&clusters)
    if index > 0 and septet_is_pair(text, index):
        index -= 1
    return septet_cluster_start(text, &search, index)


cdef int bind_tables() except -1:
    global cluster_tables
    with binding:
        if cluster_tables is None:
            tables = tuple(cluster_rules("unicode"))
            bind_clusters(tables, &clusters)
            cluster_tables = tables
    return 0


cdef class Transliterator:
    """Replaces characters in texts that need it; other texts stay as they are."""

    cdef Kernel kernel
    cdef type record
    cdef object rewrite

    def __cinit__(self, Kernel kernel not None, type record not None, rewrite):
        self.kernel, self.record = kernel, check_record("record", record)
        self.rewrite = rewrite

    def transliterate(self, text, level="punctuation", *, when="helps"):
        """Replace the characters that force a text into UCS-2.

        Characters of GSM-7, such as é, ß and €, are never replaced, nor are those of the national
        tables that lack the fewest characters of the text. A letter is composed with its marks
        before it is looked up. If UCS-2 is forced, nothing changes.

        Args:
            text: Any `str`.
            level: "punctuation" replaces punctuation, spaces and signs, and takes out what is
                invisible; "letters" also replaces Latin letters, by those without marks, and Greek
                ones, by capitals that look like them; "all" also replaces every other character
                that `anyascii` knows, such as Cyrillic letters by sound and emoji by names.
            when: "helps" replaces only if the whole text is GSM-7 then and takes no more segments
                than before; "cheaper" only if it takes fewer; "always" whatever can be replaced.

        Returns:
            The new text and its replacements; the text itself and none if it was not replaced.

        Raises:
            TypeError: `text` is not a `str`.
            ValueError: `level` or `when` has an unknown value.
            MissingExtraError: A level above "punctuation" without the extra `transliteration`.
            EncodingError: With `when="cheaper"`: GSM-7 is forced and the text has another
                character, before or after replacement.

        Example:
            >>> septet.transliterate("Tonight: jazz at the café ’til 2").text
            "Tonight: jazz at the café 'til 2"
        """
        cdef septet_text view
        cdef septet_choice choice
        # Texts of GSM-7 are most of all texts. What other arguments need is left to `rewrite`.
        if level == "punctuation" and when == "helps" and septet_view_str(text, &view):
            if self.kernel.count_view(&view, &choice) and choice.pair >= 0:
                return septet_unchanged_text(self.record, text)
        return self.rewrite(self.kernel, text, level, when)
