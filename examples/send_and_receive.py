"""Send messages, receive their callbacks and print the outcomes, without an account.

    pip install 'septet[bandwidth,serve]'
    python examples/send_and_receive.py

A local sandbox replaces Bandwidth. With an account, give `Client` its credentials and no `url`, and
set the receiver's address as the callback URL of the application.
"""

from __future__ import annotations

from septet.bandwidth import Client, Message, Outbox, Receiver, open_store
from septet.bandwidth.sandbox import Sandbox
from septet.serving import Server

SENDER = "+12025550100"
MESSAGES = [
    Message("my-application", SENDER, "+13125550140", "Your table is ready."),
    Message("my-application", SENDER, "+13125550141", "Tonight: jazz at the café ’til 2"),
    # In the sandbox, this number fails with the code 4775: the recipient has opted out.
    Message("my-application", SENDER, "+15555554775", "Last seats for Saturday!"),
]


def main() -> None:
    """Send the messages and print the outcomes."""
    with (
        open_store("events.db") as store,
        Server(Receiver(store, username="callbacks", password="secret")) as receiver,
        Sandbox(receiver.url, callback_username="callbacks", callback_password="secret") as sandbox,
        Client("5550100", username="me", password="mine", url=sandbox.url) as client,
    ):
        outbox = Outbox(store, client)
        print(f"{sum(message.segment_count for message in MESSAGES)} segments will be billed")
        outbox.add(MESSAGES)
        outbox.run(segments_per_second=10)
        sandbox.wait_until_idle()
        for entry in outbox.entries():
            for outcome in store.outcomes(entry.message_id or "").values():
                meaning = "" if outcome.error is None else f": {outcome.error.meaning}"
                print(f"{outcome.to} {outcome.state}{meaning}")


if __name__ == "__main__":
    main()
