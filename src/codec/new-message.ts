import type { DescMessage, Message } from "@bufbuild/protobuf";
import { messageMaker } from "./message-shape.ts";

const makers = new WeakMap<DescMessage, () => Message>();

/** An empty message of a type, as `create` makes it, in less time where many are made. */
export function newMessage(schema: DescMessage): Message {
  let make = makers.get(schema);
  if (make === undefined) {
    make = messageMaker(schema);
    makers.set(schema, make);
  }
  return make();
}
