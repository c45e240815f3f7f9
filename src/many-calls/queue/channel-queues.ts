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

/** The calls about one channel, oldest first; or one call without a channel. */
class ChannelQueue<Call> {
  readonly channel: string | undefined;
  readonly calls = new Fifo<Call>();
  /** The request in flight with calls about the channel. */
  batch: QueuedBatch<Call> | undefined;
  /** The list of ready queues that the queue is in. Earlier lists may still hold it, and skip it. */
  list: Fifo<ChannelQueue<Call>> | undefined;

  constructor(channel?: string) {
    this.channel = channel;
  }
}

/** Calls that have left are swept when they outnumber the waiting calls by this many. */
const spareLeft = 1_000;

/**
 * The waiting calls, in a queue for each channel. A queue is in one of these states:
 * - listed: its first call may be sent. The queue is in the list `alone`, or in the list of the call's key.
 * - pending: the key of its first call has not arrived yet.
 * - busy: the request `batch` has calls of the queue. After the request, the queue is listed again, or dropped if empty.
 * - parked: its first call is about several channels, and another of them blocks it. The queue of that channel takes the
 *   call later.
 *
 * So a channel is in one request at a time, and its calls are executed in order.
 */
export class ChannelQueues<Call extends QueuedCall> {
  readonly #byChannel = new Map<string, ChannelQueue<Call>>();
  /** By the key of the calls. */
  readonly #shared = new Map<string, Fifo<ChannelQueue<Call>>>();
  readonly #alone = new Fifo<ChannelQueue<Call>>();
  #waiting = 0;
  /** About how many calls that have left are still in a queue. */
  #left = 0;

  /** How many calls wait to be sent. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether any queue is listed, even with a call that has left. */
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

  /** Drops a call whose caller has stopped waiting. */
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
    // Each sweep removes more calls than it keeps: amortised O(1).
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

  /** Lists a call whose key has arrived. */
  wake(call: Call): void {
    call.isPending = false;
    // A call without channels has no order to keep, so it gets its queue only now.
    if (typeof call.channels !== "string" && call.channels.length === 0)
      this.#pushTo(new ChannelQueue(), call);
    for (const channel of [call.channels].flat()) {
      const queue = this.#byChannel.get(channel);
      if (queue !== undefined && firstOf(queue) === call) this.#list(queue);
    }
  }

  /** Takes the calls of the next shared request. */
  takeShared(size: RequestSize): QueuedBatch<Call> | undefined {
    for (const [key, list] of [...this.#shared]) {
      const batch = this.#takeFrom(list, size);
      this.#shared.delete(key);
      // This key goes to the end, so that calls of other keys are next.
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

  /** Takes the next call that goes alone. */
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

  /** Frees the queues of a request that has ended. */
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

  /** Lists a queue by its first call, or drops it if empty. Leaves a busy queue alone. */
  #list(queue: ChannelQueue<Call>): void {
    if (queue.batch !== undefined) return;
    const first = firstOf(queue);
    const list = first?.isPending === false ? this.#listFor(first) : undefined;
    if (first === undefined && queue.channel !== undefined) this.#byChannel.delete(queue.channel);
    if (queue.list !== list) list?.push(queue);
    queue.list = list;
  }

  /** Takes a queue off a list. Parks it if its first call belongs to that list, else lists or drops it. */
  #park(queue: ChannelQueue<Call>, list: Fifo<ChannelQueue<Call>>): void {
    if (queue.list !== list) return;
    queue.list = undefined;
    const first = firstOf(queue);
    if (first === undefined || !this.#goesBy(list, first)) this.#list(queue);
  }

  /** A queue's first call, if all its channels are free: not in another request, and without an earlier call. */
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
    // Starts at the channel that blocked the call last. From the first one, thousands of channels would be quadratic.
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
      // The channel's next calls can join the request.
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
