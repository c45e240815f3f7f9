import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import type { BatchKind } from "../../../src/many-calls/queue/batch-kind.ts";
import { QueuedCommand } from "../../../src/many-calls/queue/queued-command.ts";
import { Scheduler } from "../../../src/many-calls/queue/scheduler.ts";
import { table } from "../../harness/scripted-server.ts";

const method = table.batch;

class TestCommand extends QueuedCommand {
  readonly #settled = Promise.withResolvers<void>();

  constructor(kind: BatchKind, channel: string) {
    super({ method, message: create(method.rpc.input), kind, channels: [channel], size: 1 });
  }

  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  resolve(_response: Message): void {
    this.#settled.resolve();
  }

  reject(thrown: unknown): void {
    this.#settled.reject(thrown);
  }
}

/** The most requests that were under way at a time while commands that go alone, and others, were sent. */
async function mostUnderWay(sendsAlone?: boolean): Promise<number> {
  let now = 0;
  let most = 0;
  const scheduler = new Scheduler<TestCommand>({
    ...{ maxCommands: 5, maxBytes: 100, maxDelayMs: 0, inFlight: 2 },
    ...(sendsAlone === undefined ? {} : { sendsAlone }),
    async carry(commands) {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now--;
      return commands.map(() => create(method.rpc.output));
    },
  });
  const commands = Array.from(
    { length: 30 },
    (_, n) => new TestCommand(n % 2 === 0 ? "alone" : "together", `c${n % 20}`),
  );
  for (const command of commands) scheduler.add(command);
  await Promise.all(commands.map(({ settled }) => settled));
  return most;
}

test("what goes alone counts as under way", async () => {
  expect(await mostUnderWay()).toBe(2);
});

test("what goes alone does not count where it is sent at once", async () => {
  expect(await mostUnderWay(true)).toBeGreaterThan(9);
});

/** The sizes of the requests that `make` leads to in one turn, each on its way until the turn is over. */
async function sizesOfTurn(make: (add: () => void) => Promise<void> | void): Promise<readonly number[]> {
  const sizes: number[] = [];
  const turn = new Promise((resolve) => setImmediate(resolve));
  const scheduler = new Scheduler<TestCommand>({
    ...{ maxCommands: 100, maxBytes: 100, maxDelayMs: 0, inFlight: 4 },
    async carry(commands) {
      sizes.push(commands.length);
      await turn.then(() => turn);
      return commands.map(() => create(method.rpc.output));
    },
  });
  let count = 0;
  const commands: TestCommand[] = [];
  await make(() => {
    const command = new TestCommand("together", `c${count++}`);
    commands.push(command);
    scheduler.add(command);
  });
  await turn;
  const sizesByThen = [...sizes];
  await Promise.all(commands.map(({ settled }) => settled));
  return sizesByThen;
}

test("a lone call is sent before the turn is over", async () => {
  expect(await sizesOfTurn((add) => add())).toEqual([1]);
});

test("what one callback leads to travels together, also what its promises lead to", async () => {
  const sizes = await sizesOfTurn(async (add) => {
    add();
    for (let n = 0; n < 20; n++) {
      await Promise.resolve();
      add();
    }
  });
  expect(sizes).toEqual([21]);
});
