"""Requests at a fixed rate from a process of its own: ``python steady.py PORT RATE PATH...``.

The schedule is open: request n is due at n/RATE seconds, whether or not earlier ones have been answered. Connections
are kept alive, and another one is opened when all are waiting. It goes on until its input is closed; then it waits for
the answers that are due and prints what happened as JSON.
"""

import asyncio
import json
import sys
import time
from collections import Counter

#: Seconds after which an answer counts as missing.
PATIENCE = 20
#: Seconds after which a connection that nobody used is not used again.
LONGEST_IDLE = 5


class Steady:
    def __init__(self, port, rate, paths):
        self.port, self.rate, self.paths = port, rate, paths
        self.free = []
        self.sent, self.answers, self.failures = 0, Counter(), []
        self.begun = self.last = time.monotonic()
        self.held = 0.0

    async def ask(self, path):
        try:
            status = await asyncio.wait_for(self._ask(path), PATIENCE)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            self.failures.append([path, f"{type(error).__name__}: {error}"])
            return
        self.last = time.monotonic()
        self.answers[int(self.last - self.begun)] += 1
        if status != 200:
            self.failures.append([path, status])

    async def _ask(self, path):
        reader, writer = self.idle() or await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            writer.close()
        else:
            self.free.append((time.monotonic(), reader, writer))
        return int(head.split(" ", 2)[1])

    def idle(self):
        """Return the connection that was used last; servers close those that nobody has used for long."""
        while self.free:
            used, reader, writer = self.free.pop()
            if time.monotonic() - used < LONGEST_IDLE:
                return reader, writer
            writer.close()
        return None

    async def run(self, stopped):
        tasks = set()
        while not stopped.is_set():
            due = int((time.monotonic() - self.begun) * self.rate) + 1
            for number in range(self.sent, due):
                task = asyncio.create_task(self.ask(self.paths[number % len(self.paths)]))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            self.sent = due
            await asyncio.sleep(max(0.0, due / self.rate - (time.monotonic() - self.begun)))
        self.held = time.monotonic() - self.begun
        await asyncio.gather(*tasks)


async def main():
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin.fileno(), lambda: sys.stdin.read(1) or stopped.set())
    steady = Steady(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
    await steady.run(stopped)
    sys.stdout.write(json.dumps({
        "sent": steady.sent, "answered": sum(steady.answers.values()), "held": steady.held,
        "each_second": [steady.answers[number] for number in range(int(steady.last - steady.begun))],
        "failures": steady.failures[:20],
    }))  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
