"""Clients of either kind that tests call in the same way."""

from __future__ import annotations

import asyncio
import inspect

from septet.bandwidth import Message

MESSAGE = Message("5d1b7c0e", "+12025550100", "+13125550140", "Zwölf ’til 2", tag="t")
SLOW = {"timeout": 10.0}


class Calls:
    """A client whose methods return values and lists, whether it is for threads or for asyncio."""

    def __init__(self, kind, options, stack):
        self.kind = kind
        self.runner = stack.enter_context(asyncio.Runner())
        self.client = kind("9900000", **options)
        stack.callback(self.close)

    def __getattr__(self, name):
        method = getattr(self.client, name)
        if not callable(method):
            return method

        def call(*args, **kwargs):
            return self.result(method(*args, **kwargs))

        return call

    def result(self, value):
        if inspect.isasyncgen(value):
            return self.runner.run(self.listed(value))
        if inspect.isgenerator(value):
            return list(value)
        return self.runner.run(value) if inspect.iscoroutine(value) else value

    @staticmethod
    async def listed(values):
        return [value async for value in values]
