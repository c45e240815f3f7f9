import type { DescMessage } from "@bufbuild/protobuf";
import type { MethodTable } from "../../src/schema/method-table.ts";
import { requiredFields } from "../../src/schema/required-fields.ts";
import type { MethodShapes, Shape, Shapes } from "../generate/find-shapes.ts";

/** Adds `batch`, whose types depend on its commands. The page explains the names of a command and of a reply. */
export function withBatch({ batch, command, reply }: MethodTable, shapes: Shapes): Shapes {
  const { name, rpc } = batch;
  const ofBatch: MethodShapes = {
    method: batch,
    request: { ...shapeOf(rpc.input, "BatchRequest"), required: requiredFields(name) },
    result: shapeOf(rpc.output, "BatchResult"),
  };
  return {
    methods: [...shapes.methods, ofBatch],
    requests: new Map([...shapes.requests, [command, shapeOf(command, "BatchCommand")]]),
    results: new Map([...shapes.results, [reply, shapeOf(reply, "Item")]]),
  };
}

function shapeOf(message: DescMessage, name: string): Shape {
  return { message, name, members: message.members, required: [], hasData: false, hasBigint: false };
}
