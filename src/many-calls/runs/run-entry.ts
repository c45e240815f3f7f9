import type { Message } from "@bufbuild/protobuf";
import type { Method } from "../../schema/method-table.ts";
import type { QueuedCall, QueuedRequest } from "../queue/queued-call.ts";
import { nothing } from "../queue/queued-call.ts";
import type { ManyItem } from "./many-item.ts";

/** One value of a run's input, from when it is taken until its item is given out. */
export interface Held<Result> {
  readonly size: number;
  item: ManyItem<Result> | undefined;
}

/** Who is told what becomes of an entry. */
export interface EntryOwner<Result> {
  onResult(entry: RunEntry<Result>, result: Result): void;
  onError(entry: RunEntry<Result>, thrown: unknown): void;
}

/** A value of a run's input that can be sent. */
export class RunEntry<Result> implements QueuedCall, Held<Result> {
  readonly method: Method;
  message: Message;
  readonly channels: string | readonly string[];
  readonly size: number;
  readonly goesAlone: boolean;
  hasLeft = false;
  wasTaken = false;
  blocker: string | undefined;
  readonly index: number;
  item: ManyItem<Result> | undefined;
  readonly #owner: EntryOwner<Result>;

  constructor(index: number, request: QueuedRequest, owner: EntryOwner<Result>) {
    this.method = request.method;
    this.message = request.message;
    this.channels = request.channels;
    this.size = request.size;
    this.goesAlone = request.goesAlone;
    this.index = index;
    this.#owner = owner;
  }

  forget(): void {
    this.message = nothing;
  }

  resolve(result: object): void {
    this.forget();
    this.#owner.onResult(this, result as Result);
  }

  reject(thrown: unknown): void {
    this.forget();
    this.#owner.onError(this, thrown);
  }
}
