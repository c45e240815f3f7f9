import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { BatchKind } from "../../../src/many-calls/queue/batch-kind.ts";
import { CommandQueue } from "../../../src/many-calls/queue/command-queue.ts";
import { QueuedCommand } from "../../../src/many-calls/queue/queued-command.ts";
import { table } from "../../harness/scripted-server.ts";

class TestCommand extends QueuedCommand {
  readonly id: number;

  constructor(id: number, kind: BatchKind, channels: readonly string[], size = 1) {
    const method = table.batch;
    super({ method, message: create(method.rpc.input), kind, channels, size });
    this.id = id;
  }

  resolve(_response: Message): void {}
  reject(_thrown: unknown): void {}
}

const ids = (request: readonly TestCommand[] | undefined) => request?.map(({ id }) => id);

test("takes all that there is for a channel, and leaves other channels to other requests", () => {
  const queue = new CommandQueue<TestCommand>({ maxCommands: 3, maxBytes: 100 });
  const channels = ["a", "b", "a", "b", "a", "b"];
  channels.forEach((channel, id) => {
    queue.add(new TestCommand(id, "together", [channel]));
  });
  const [first, second] = [queue.takeShared(), queue.takeShared()];
  expect([ids(first), ids(second)]).toEqual([
    [0, 2, 4],
    [1, 3, 5],
  ]);
  expect(queue.takeShared()).toBeUndefined();
});

test("a request is full with maxCommands or maxBytes, and one command always fits", () => {
  const queue = new CommandQueue<TestCommand>({ maxCommands: 3, maxBytes: 10 });
  [6, 4, 1, 50, 1, 1, 1, 1].forEach((size, id) => {
    queue.add(new TestCommand(id, "together", [], size));
  });
  const taken = [queue.takeShared(), queue.takeShared(), queue.takeShared(), queue.takeShared()];
  expect(taken.map(ids)).toEqual([[0, 1], [2], [3], [4, 5, 6]]);
});

test("one of several channels waits for all of them, and those after it wait for it", () => {
  const queue = new CommandQueue<TestCommand>({ maxCommands: 1, maxBytes: 100 });
  [["a"], ["b"], ["a", "b", "a"], ["b"]].forEach((channels, id) => {
    queue.add(new TestCommand(id, "together", channels));
  });
  const [first, second] = [queue.takeShared() ?? [], queue.takeShared() ?? []];
  expect([ids(first), ids(second), queue.takeShared()]).toEqual([[0], [1], undefined]);
  queue.end(first);
  expect(queue.takeShared()).toBeUndefined();
  queue.end(second);
  const third = queue.takeShared() ?? [];
  expect([ids(third), queue.takeShared()]).toEqual([[2], undefined]);
  queue.end(third);
  expect(ids(queue.takeShared())).toEqual([3]);
});

test("commands that were not executed keep their order, also around one of their request that was", () => {
  const queue = new CommandQueue<TestCommand>({ maxCommands: 10, maxBytes: 100 });
  const add = (id: number, channels = ["a"]) => {
    const command = new TestCommand(id, "together", channels);
    queue.add(command);
    return command;
  };
  const commands = [add(0), add(1, ["a", "b"]), add(2), add(3)];
  const request = queue.takeShared() ?? [];
  expect(ids(request)).toEqual([0, 1, 2, 3]);
  // What came after the last of them, which is executed, and what comes later.
  add(4);
  queue.end(
    request,
    commands.filter(({ id }) => id % 2 === 0),
  );
  add(5);
  add(6, ["b"]);
  expect([ids(queue.takeShared()), queue.takeShared()]).toEqual([[6], undefined]);
  for (const id of [0, 2]) {
    const next = queue.takeAlone("again") ?? [];
    expect([ids(next), queue.takeAlone("again"), queue.takeShared()]).toEqual([[id], undefined, undefined]);
    queue.end(next);
  }
  expect(ids(queue.takeShared())).toEqual([4, 5]);
});

test("what came after a request waits for what it repeats, as does what comes later", () => {
  for (const late of [false, true]) {
    const queue = new CommandQueue<TestCommand>({ maxCommands: 2, maxBytes: 100 });
    const commands = [0, 1, 2].map((id) => new TestCommand(id, "together", ["a"]));
    const [first, second, third] = commands as [TestCommand, TestCommand, TestCommand];
    queue.add(first);
    queue.add(second);
    const request = queue.takeShared() ?? [];
    if (!late) queue.add(third);
    queue.end(request, [first]);
    if (late) queue.add(third);
    expect(queue.takeShared()).toBeUndefined();
    queue.end(queue.takeAlone("again") ?? []);
    expect(ids(queue.takeShared())).toEqual([2]);
  }
});

test("a command that is gone keeps neither its message nor, once nothing is before it, those after it", () => {
  const queue = new CommandQueue<TestCommand>({ maxCommands: 1, maxBytes: 100 });
  const commands = [0, 1, 2, 3].map((id) => new TestCommand(id, "together", ["a"]));
  const [first, second, third, fourth] = commands as [TestCommand, TestCommand, TestCommand, TestCommand];
  for (const command of commands) queue.add(command);
  const { message } = third;
  const request = queue.takeShared() ?? [];
  for (const command of [third, first]) queue.leave(command);
  expect([third.message === message, first.message.$typeName]).toEqual([false, message.$typeName]);
  expect(queue.takeShared()).toBeUndefined();
  queue.end(request);
  queue.leave(second);
  expect([ids(queue.takeShared()), queue.takeShared()]).toEqual([[3], undefined]);
  expect(fourth.message).toEqual(message);
});

test("to leave, or be followed by many that have left, takes no longer for each of many", () => {
  const queue = new CommandQueue<TestCommand>({ maxCommands: 1, maxBytes: 100 });
  const commands = Array.from({ length: 100_001 }, (_, id) => new TestCommand(id, "together", ["a"]));
  for (const command of commands) queue.add(command);
  const request = queue.takeShared() ?? [];
  for (const command of commands.slice(1)) queue.leave(command);
  queue.end(request);
  expect([queue.waiting, queue.hasReady]).toEqual([0, false]);
});

const kind = fc.constantFrom<BatchKind>("together", "together", "repeatable", "alone");
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ add: kind, channels: fc.array(fc.constantFrom(..."abc"), { maxLength: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ take: fc.constantFrom("shared", "alone", "again") }) },
  {
    weight: 2,
    arbitrary: fc.record({ end: fc.nat(), again: fc.constantFrom("none", "none", "all", "some") }),
  },
  { weight: 1, arbitrary: fc.record({ leave: fc.nat() }) },
);

test("whatever comes, a channel's commands are executed in their order, in one request at a time, and all are", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60, size: "max" }),
      fc.integer({ min: 1, max: 4 }),
      (steps, most) => {
        const queue = new CommandQueue<TestCommand>({ maxCommands: most, maxBytes: 1e6 });
        const commands: TestCommand[] = [];
        const executed: number[] = [];
        /** Pairs of commands of one request, where the server executed the later one and not the earlier one. */
        const passed = new Set<string>();
        let underWay: (readonly TestCommand[])[] = [];
        const take = (how: string) => {
          const request = how === "alone" || how === "again" ? queue.takeAlone(how) : queue.takeShared();
          if (request === undefined) return false;
          const live = request.filter(({ gone }) => !gone);
          expect(live.length).toBeLessThanOrEqual(how === "shared" ? most : 1);
          expect(new Set(live.map((command) => command.kind)).size).toBeLessThanOrEqual(1);
          const channelsIn = (commandsOf: readonly TestCommand[]) =>
            commandsOf.flatMap(({ channels }) => channels);
          const busy = new Set(underWay.flatMap(channelsIn));
          for (const channel of channelsIn(request)) expect(busy).not.toContain(channel);
          underWay.push(request);
          return true;
        };
        const end = (request: readonly TestCommand[], again: string) => {
          underWay = underWay.filter((other) => other !== request);
          const mayRepeat = again !== "none" && request.length > 1;
          const some = request.filter(({ gone, id }) => !gone && id % 2 === 1);
          const repeated = mayRepeat ? (again === "all" ? request : some) : [];
          for (const command of request) {
            if (repeated.includes(command)) continue;
            for (const { id } of repeated) passed.add(`${id} ${command.id}`);
            executed.push(command.id);
          }
          queue.end(request, repeated);
        };
        for (const now of steps) {
          if ("add" in now) {
            const command = new TestCommand(commands.length, now.add, now.channels);
            commands.push(command);
            queue.add(command);
          } else if ("take" in now) take(now.take);
          else if ("end" in now) {
            const request = underWay[now.end % underWay.length];
            if (request !== undefined) end(request, now.again);
          } else {
            const command = commands[now.leave % commands.length];
            if (command !== undefined) queue.leave(command);
          }
        }
        for (;;) {
          const more = take("alone") || take("again") || take("shared");
          const [request] = underWay;
          if (request !== undefined) end(request, "none");
          else if (!more) break;
        }
        const isGone = (id: number) => commands[id]?.gone;
        expect(executed.filter((id) => !isGone(id)).sort((a, b) => a - b)).toEqual(
          commands.flatMap(({ id, gone }) => (gone ? [] : [id])),
        );
        expect(new Set(executed).size).toBe(executed.length);
        for (const channel of "abc") {
          const order = executed.filter((id) => commands[id]?.channels.includes(channel));
          const wrong = order.flatMap((id, index) =>
            order.slice(0, index).filter((earlier) => earlier > id && !passed.has(`${id} ${earlier}`)),
          );
          expect(wrong, channel).toEqual([]);
        }
        expect([queue.waiting, queue.hasReady]).toEqual([0, false]);
      },
    ),
    { numRuns: 1_000 },
  );
});
