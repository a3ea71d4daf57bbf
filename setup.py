"""Build the compiled implementation; everything else is in pyproject.toml."""

import json
import os
from glob import glob
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.egg_info import egg_info

VARIABLE = "SEPTET_BUILD_EXTENSION"  # 1: must build, 0: never, unset: if possible

selected = os.environ.get(VARIABLE)
if selected not in {None, "0", "1"}:
    raise SystemExit(f"{VARIABLE} must be 0, 1 or unset, not {selected!r}")

extensions = []
if selected != "0":
    from Cython.Build import cythonize

    extensions = cythonize(
        [
            Extension(
                f"septet._kernels.{Path(source).stem}",
                [source],
                depends=glob("src/septet/_kernels/c/**/*.h", recursive=True),
                extra_compile_args=[] if os.name == "nt" else ["-O3"],
            )
            for source in sorted(glob("src/septet/_kernels/_compiled*.pyx"))
        ]
    )
    for extension in extensions:
        # cythonize() does not copy this attribute to the extensions that it returns.
        extension.optional = selected is None


class WithMaterials(egg_info):
    """Adds the bill of materials to the metadata (PEP 770): the data that is not ours."""

    def run(self) -> None:
        """Write the metadata."""
        super().run()
        name = "septet.cdx.json"
        document = json.loads(Path("packaging", name).read_text("utf-8"))
        version = self.distribution.get_version()
        document["metadata"]["component"] |= {
            "version": version,
            "purl": f"pkg:pypi/septet@{version}",
        }
        written = Path(self.egg_info, "sboms", name)
        written.parent.mkdir(exist_ok=True)
        written.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


# Files with which other compiled code can cimport the modules; useless without the modules.
declarations = [] if extensions else ["*.pxd", "c/*.h", "c/simd/*.h"]
setup(
    cmdclass={"egg_info": WithMaterials},
    ext_modules=extensions,
    exclude_package_data={"septet._kernels": declarations},
    options={"build_ext": {"parallel": os.cpu_count()}},
)
