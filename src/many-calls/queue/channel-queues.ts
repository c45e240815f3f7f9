import { Fifo } from "../../limits/fifo.ts";
import type { QueuedCall } from "./queued-call.ts";

/** How much a request may hold. */
export interface RequestSize {
  readonly maxCommands: number;
  readonly maxBytes: number;
}

/** Calls that are sent in one request. Their channels are busy until it ends. */
export class QueuedBatch<Call> {
  readonly calls: Call[] = [];
  readonly queues: ChannelQueue<Call>[] = [];
}

/** The calls about one channel, in the order in which they came; or one call about no channel. */
class ChannelQueue<Call> {
  readonly channel: string | undefined;
  readonly calls = new Fifo<Call>();
  /** The request that is under way with calls about the channel. */
  batch: QueuedBatch<Call> | undefined;
  /** The list of ready queues that it is in. It may also stand in a list that it was in before. */
  list: Fifo<ChannelQueue<Call>> | undefined;

  constructor(channel?: string) {
    this.channel = channel;
  }
}

/** Calls that have left, which may stay in the queues besides as many as wait. */
const spareLeft = 1_000;

/**
 * The calls that wait, in a queue for each channel. A queue is in one of these states:
 * - listed: its first call may be sent. The queue is in the list `alone`, or the one that calls of its key share.
 * - pending: the key of its first call is still to come.
 * - busy: calls of it are in the request `batch`. When that ends, the queue is listed again, or dropped if it is empty.
 * - parked: its first call is about several channels, and waits for another of them. When that other channel comes to the
 *   call, it takes the call.
 *
 * So a channel is in one request at a time, and its calls are executed in the order in which they came.
 */
export class ChannelQueues<Call extends QueuedCall> {
  readonly #byChannel = new Map<string, ChannelQueue<Call>>();
  /** By the key of the calls. */
  readonly #shared = new Map<string, Fifo<ChannelQueue<Call>>>();
  readonly #alone = new Fifo<ChannelQueue<Call>>();
  #waiting = 0;
  /** How many calls that have left are still in a queue, about. */
  #left = 0;

  /** How many calls are still to be sent. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether a queue is listed. Its call may have left. */
  get hasListed(): boolean {
    return this.#shared.size > 0 || this.#alone.length > 0;
  }

  add(call: Call): void {
    this.#waiting++;
    const { channels } = call;
    if (typeof channels === "string") this.#push(channels, call);
    else if (channels.length > 0) for (const channel of channels) this.#push(channel, call);
    else if (!call.isPending) this.#pushTo(new ChannelQueue(), call);
  }

  /** Lets go of a call that nobody waits for any more. */
  leave(call: Call): void {
    if (call.hasLeft) return;
    call.hasLeft = true;
    if (call.wasTaken) return;
    this.#waiting--;
    call.forget();
    for (const channel of [call.channels].flat()) {
      const queue = this.#byChannel.get(channel);
      if (queue !== undefined) this.#list(queue);
    }
    // Each sweep is paid for by as many calls that have left: one step for each on average.
    if (++this.#left <= this.#waiting + spareLeft) return;
    this.#left = 0;
    for (const { calls } of this.#byChannel.values()) calls.keep(({ hasLeft }) => !hasLeft);
    for (const list of [...this.#shared.values(), this.#alone]) {
      list.keep((queue) => {
        if (queue.list === list) this.#list(queue);
        return queue.list === list;
      });
    }
  }

  /** The key of a call has come. */
  wake(call: Call): void {
    call.isPending = false;
    // Nothing comes before a call about no channel, so it has no place yet.
    if (typeof call.channels !== "string" && call.channels.length === 0)
      this.#pushTo(new ChannelQueue(), call);
    for (const channel of [call.channels].flat()) {
      const queue = this.#byChannel.get(channel);
      if (queue !== undefined && firstOf(queue) === call) this.#list(queue);
    }
  }

  /** The calls of the next request that several may share. */
  takeShared(size: RequestSize): QueuedBatch<Call> | undefined {
    for (const [key, list] of [...this.#shared]) {
      const batch = this.#takeFrom(list, size);
      this.#shared.delete(key);
      // The calls of another key are next, so that they do not wait for all the calls of this one.
      if (list.length > 0) this.#shared.set(key, list);
      if (batch.calls.length > 0) return batch;
    }
    return undefined;
  }

  #takeFrom(list: Fifo<ChannelQueue<Call>>, { maxCommands, maxBytes }: RequestSize): QueuedBatch<Call> {
    const batch = new QueuedBatch<Call>();
    let bytes = 0;
    for (let queue = list.first; queue !== undefined; queue = list.first) {
      let call = queue.list === list ? this.#ready(queue, batch) : undefined;
      for (; call !== undefined && this.#goesBy(list, call); call = this.#ready(queue, batch)) {
        bytes += call.size;
        const isFull = batch.calls.length === maxCommands || bytes > maxBytes;
        if (isFull && batch.calls.length > 0) return batch;
        this.#take(call, queue, batch, list);
      }
      list.shift();
      this.#park(queue, list);
    }
    return batch;
  }

  /** The next call that goes alone. */
  takeAlone(): QueuedBatch<Call> | undefined {
    for (let queue = this.#alone.shift(); queue !== undefined; queue = this.#alone.shift()) {
      const batch = new QueuedBatch<Call>();
      const call = queue.list === this.#alone ? this.#ready(queue, batch) : undefined;
      if (call?.goesAlone) this.#take(call, queue, batch, this.#alone);
      this.#park(queue, this.#alone);
      if (batch.calls.length > 0) return batch;
    }
    return undefined;
  }

  /** A request has ended. */
  end(batch: QueuedBatch<Call>): void {
    for (const queue of batch.queues) {
      queue.batch = undefined;
      this.#list(queue);
    }
  }

  #push(channel: string, call: Call): void {
    let queue = this.#byChannel.get(channel);
    if (queue === undefined) {
      queue = new ChannelQueue(channel);
      this.#byChannel.set(channel, queue);
    }
    this.#pushTo(queue, call);
  }

  #pushTo(queue: ChannelQueue<Call>, call: Call): void {
    queue.calls.push(call);
    if (queue.calls.length === 1) this.#list(queue);
  }

  #goesBy(list: Fifo<ChannelQueue<Call>>, { goesAlone, key }: Call): boolean {
    return list === (goesAlone ? this.#alone : this.#shared.get(key));
  }

  #listFor({ goesAlone, key }: Call): Fifo<ChannelQueue<Call>> {
    if (goesAlone) return this.#alone;
    let list = this.#shared.get(key);
    if (list === undefined) {
      list = new Fifo();
      this.#shared.set(key, list);
    }
    return list;
  }

  /** Lists a queue that is not busy by its first call, or drops it if no call is in it. */
  #list(queue: ChannelQueue<Call>): void {
    if (queue.batch !== undefined) return;
    const first = firstOf(queue);
    const list = first?.isPending === false ? this.#listFor(first) : undefined;
    if (first === undefined && queue.channel !== undefined) this.#byChannel.delete(queue.channel);
    if (queue.list !== list) list?.push(queue);
    queue.list = list;
  }

  /** Takes a queue off a list. Its first call, if any, goes in another way than by that list, or waits. */
  #park(queue: ChannelQueue<Call>, list: Fifo<ChannelQueue<Call>>): void {
    if (queue.list !== list) return;
    queue.list = undefined;
    const first = firstOf(queue);
    if (first === undefined || !this.#goesBy(list, first)) this.#list(queue);
  }

  /** The first call of a queue, if it can be in the request: none of its channels is in another, or has an earlier call. */
  #ready(queue: ChannelQueue<Call>, batch: QueuedBatch<Call>): Call | undefined {
    const call = firstOf(queue);
    const isBusy = (other: ChannelQueue<Call>) => other.batch !== undefined && other.batch !== batch;
    if (call === undefined || call.isPending || isBusy(queue)) return undefined;
    const { channels } = call;
    if (typeof channels === "string") return call;
    const blocks = (channel: string) => {
      const other = this.#byChannel.get(channel);
      return other !== undefined && (isBusy(other) || firstOf(other) !== call);
    };
    // It starts with the channel that blocked the call last: from the first one it would be quadratic for thousands.
    for (let step = 0; step < channels.length; step++) {
      const at = (call.blocker + step) % channels.length;
      if (!blocks(channels[at] as string)) continue;
      call.blocker = at;
      return undefined;
    }
    return call;
  }

  #take(
    call: Call,
    queue: ChannelQueue<Call>,
    batch: QueuedBatch<Call>,
    list: Fifo<ChannelQueue<Call>>,
  ): void {
    batch.calls.push(call);
    call.wasTaken = true;
    this.#waiting--;
    takeFirst(queue, batch);
    if (typeof call.channels === "string") return;
    for (const channel of call.channels) {
      const other = this.#byChannel.get(channel);
      if (other === undefined || other === queue) continue;
      takeFirst(other, batch);
      // Its next calls can be in the request, too.
      if (other.list === undefined) list.push(other);
      other.list ??= list;
    }
  }
}

/** The first call of a queue that has not left. */
function firstOf<Call extends QueuedCall>({ calls }: ChannelQueue<Call>): Call | undefined {
  while (calls.first?.hasLeft) calls.shift();
  return calls.first;
}

function takeFirst<Call>(queue: ChannelQueue<Call>, batch: QueuedBatch<Call>): void {
  queue.calls.shift();
  if (queue.batch === batch) return;
  queue.batch = batch;
  batch.queues.push(queue);
}
