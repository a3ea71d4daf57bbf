"""The commands for Bandwidth, a module each; imports everything but `main`."""
