"""Lists the modules of the compiled twin, and their switch; all else is in pyproject.toml."""

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
                f"septet._kernels.{name}",
                [f"src/septet/_kernels/{name}.pyx"],
                depends=glob("src/septet/_kernels/c/**/*.h", recursive=True),
                extra_compile_args=[] if os.name == "nt" else ["-O3"],
            )
            for name in ("_compiled", "_compiled_tally", "_compiled_wire")
        ]
    )
    for extension in extensions:
        # cythonize() drops the attribute from what it is given.
        extension.optional = wanted is None

# Other compiled code cimports the modules by these, which say nothing where there are none.
declarations = [] if extensions else ["*.pxd", "c/*.h", "c/simd/*.h"]
setup(ext_modules=extensions, exclude_package_data={"septet._kernels": declarations})
