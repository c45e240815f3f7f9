import type { Message } from "@bufbuild/protobuf";
import { notFound } from "../brokers/api-error.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineMethod } from "./engine-method.ts";
import { mapMethods } from "./map-methods.ts";
import { sessionMethods } from "./session-methods.ts";
import { streamMethods } from "./stream-methods.ts";

/** The methods that an open-source server has, except `batch`, by the client's names for them. */
const methods: ReadonlyMap<string, EngineMethod> = new Map(
  Object.entries({ ...streamMethods, ...sessionMethods, ...mapMethods }),
);

/** Whether an open-source server has a method, by the client's name for it; `batch` is made of them. */
export function isOpenSource(name: string): boolean {
  return methods.has(name);
}

/**
 * Runs one method on a server's state and gives its result.
 *
 * @throws ApiError where the server answers with an error; 104 for a method that an open-source server does not have.
 */
export function execute(engine: Engine, name: string, request: Message): Message {
  const run = methods.get(name);
  if (run === undefined) throw notFound();
  engine.clients.expire();
  return run(engine, request);
}
