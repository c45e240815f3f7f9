import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import type { Engine } from "../engine/engine.ts";

/** One method of the API on the engine's state: a request to a result. It throws an ApiError where the server answers one. */
export type EngineMethod = (engine: Engine, request: Message) => Message;

/** A method that takes requests of one type, in the shape that all methods have in a table. */
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
