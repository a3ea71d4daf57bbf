"""Template tags, which `{% load septet %}` loads."""
