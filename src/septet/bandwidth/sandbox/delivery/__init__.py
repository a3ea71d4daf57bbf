"""What happens to an accepted message: queued, sent, and reported by callbacks.

Extra `serve`. May import the modules of `sandbox` beside it, never `api`.
"""
