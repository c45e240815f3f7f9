import type { Message } from "@bufbuild/protobuf";
import { notFound } from "../brokers/api-error.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineMethod } from "./engine-method.ts";
import { mapMethods } from "./map-methods.ts";
import { sessionMethods } from "./session-methods.ts";
import { streamMethods } from "./stream-methods.ts";

/** The open-source server's methods by the client's names, without `batch`. */
const methods: ReadonlyMap<string, EngineMethod> = new Map(
  Object.entries({ ...streamMethods, ...sessionMethods, ...mapMethods }),
);

/** Whether the open-source server has a method, by the client's name. False for `batch`. */
export function isOpenSource(name: string): boolean {
  return methods.has(name);
}

/**
 * Runs one method on a server's state, and returns its result.
 *
 * @throws ApiError if the server answers with an error; 104 for a method that the open-source server lacks.
 */
export function execute(engine: Engine, name: string, request: Message): Message {
  const run = methods.get(name);
  if (run === undefined) throw notFound();
  engine.clients.expire();
  return run(engine, request);
}
