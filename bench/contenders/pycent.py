"""pycent's side of `npm run bench`: does what the lines of stdin ask for, and says what it cost."""

import asyncio
import json
import resource
import sys
import time

from cent import (
    AsyncClient,
    BatchRequest,
    BroadcastRequest,
    Client,
    HistoryRequest,
    PublishRequest,
)

url, key = sys.argv[1:3]
client = Client(url, key, timeout=60)
loop = asyncio.new_event_loop()
data = {"text": "Hello, world!", "user": "42", "tags": ["a", "b"]}


async def open_async_client():
    return AsyncClient(url, key, timeout=60)


async_client = loop.run_until_complete(open_async_client())


def publishes(count):
    return [PublishRequest(channel=f"bench_{i % 100}", data=data) for i in range(count)]


def one(count):
    for request in publishes(count):
        client.publish(request)


def in_flight_64(count):
    async def worker(requests):
        for request in requests:
            await async_client.publish(request)

    async def all_of_them():
        requests = iter(publishes(count))
        await asyncio.gather(*(worker(requests) for _ in range(64)))

    loop.run_until_complete(all_of_them())


def batch(count):
    result = client.batch(BatchRequest(requests=publishes(count)))
    assert len(result.replies) == count


def broadcast(count):
    client.broadcast(BroadcastRequest(channels=[f"bench_{i}" for i in range(count)], data=data))


def history(count):
    result = client.history(HistoryRequest(channel=f"history:{count}", limit=-1))
    assert len(result.publications) == count


workloads = {
    "one": one,
    "in-flight-64": in_flight_64,
    "batch": batch,
    "broadcast": broadcast,
    "history": history,
}


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


for line in sys.stdin:
    asked = json.loads(line)
    cpu_before, started = cpu(), time.perf_counter()
    workloads[asked["workload"]](asked["count"])
    taken = {"time": (time.perf_counter() - started) * 1000, "cpu": (cpu() - cpu_before) * 1000}
    print(json.dumps(taken), flush=True)

loop.run_until_complete(async_client.close())
