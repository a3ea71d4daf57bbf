"""The HTTP side of the sandbox: requests in, answers out, and the page in a browser.

Extra `serve`. May import the modules of `sandbox` beside it, and `delivery`.
"""
