"""The same counts in a web page: the core as a WebAssembly module, and scripts that use it."""
