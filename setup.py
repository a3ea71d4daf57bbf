"""Lists the compiled twin and its switch; everything else stands in pyproject.toml."""

import os
from glob import glob

from setuptools import Extension, setup

SWITCH = "SEPTET_BUILD_EXTENSION"  # 1: must build, 0: never, unset: if possible

wanted = os.environ.get(SWITCH)
if wanted not in {None, "0", "1"}:
    raise SystemExit(f"{SWITCH} must be 0, 1 or unset, not {wanted!r}")

extensions = []
if wanted != "0":
    from Cython.Build import cythonize

    extensions = cythonize(
        [
            Extension(
                "septet._kernels._compiled",
                ["src/septet/_kernels/_compiled.pyx"],
                depends=glob("src/septet/_kernels/*.h"),
                extra_compile_args=[] if os.name == "nt" else ["-O3"],
            )
        ]
    )
    for extension in extensions:
        # cythonize() drops the attribute from what it is given.
        extension.optional = wanted is None

setup(ext_modules=extensions)
