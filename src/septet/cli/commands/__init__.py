"""The commands of `septet`, a module each; imports everything but `main`."""
