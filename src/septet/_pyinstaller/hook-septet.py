"""What PyInstaller cannot see in the sources: modules loaded on first use, and files read."""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules


def _is_loaded_by_name(module: str) -> bool:
    """Return whether a program need not import a module itself; these would draw in packages."""
    others = ("septet.benchmarks", "septet.frames", "septet.integrations", "septet._pyinstaller")
    return not module.startswith(others)


hiddenimports = collect_submodules("septet", filter=_is_loaded_by_name)
datas = collect_data_files("septet", excludes=["_kernels"])
# Alembic runs these as files.
datas += collect_data_files("septet.bandwidth.storing.migrations", include_py_files=True)
