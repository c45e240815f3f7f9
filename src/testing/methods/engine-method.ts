import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import type { Engine } from "../engine/engine.ts";

/** A method of the API, which runs on the engine's state. Throws an ApiError if the server answers one. */
export type EngineMethod = (engine: Engine, request: Message) => Message;

/** Gives a method of one request type the type that all methods share. */
export function engineMethod<Desc extends DescMessage>(
  schema: Desc,
  run: (engine: Engine, request: MessageShape<Desc>) => Message,
): EngineMethod {
  return (engine, request) => {
    if (!isMessage(request, schema))
      throw new TypeError(`expected ${schema.typeName}, got ${request.$typeName}`);
    return run(engine, request);
  };
}
