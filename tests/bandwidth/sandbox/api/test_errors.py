"""The answers of the sandbox that only a fault asks for."""

import pytest

from septet.bandwidth.sandbox import Fault, Faults

FAULT = "A fault of the sandbox refuses this request."


@pytest.mark.parametrize(
    ("status", "error_type"),
    [
        *((400, "request-validation"), (401, "unauthorized"), (403, "forbidden")),
        *((404, "not-found"), (405, "method-not-allowed"), (406, "not-acceptable")),
        *((415, "unsupported-content-type"), (429, "max-message-queue-size-exceeded")),
        *((500, "internal-server-error"), (503, "service-unavailable"), (599, "unknown")),
    ],
)
def test_refusals(sandbox, send, status, error_type):
    """They have the form of the API, whatever the status is."""
    sandbox.faults = Faults([Fault("refuse", every=1, status=status)])
    answer = send()
    assert answer.status_code == status
    assert answer.json() == {"type": error_type, "description": FAULT}
