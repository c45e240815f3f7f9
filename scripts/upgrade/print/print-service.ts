import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { nameInFile } from "../schema/elements.ts";
import { rpcTypes } from "../schema/rpc-types.ts";
import { withComments } from "./print-comments.ts";
import { optionStatements } from "./print-options.ts";
import type { Printing } from "./print-type.ts";
import type { Piece } from "./stack.ts";
import { block } from "./stack.ts";

/** A service, with its comments. */
export function printService(service: DescService, printing: Printing): Piece {
  const beginning = optionStatements(service);
  const rpcs = service.methods.map((rpc, index) => printRpc(rpc, beginning.length + index === 0, printing));
  const lines = block(`service ${service.name}`, [...beginning, ...rpcs]);
  return withComments(lines, printing.comments.get(service.name), { apart: true, first: false });
}

function printRpc(rpc: DescMethod, first: boolean, { comments, nameFrom }: Printing): Piece {
  const types = rpcTypes(rpc, (type) => nameFrom(rpc.parent, type));
  const lines = block(`rpc ${rpc.name}${types}`, optionStatements(rpc));
  return withComments(lines, comments.get(nameInFile(rpc)), { apart: false, first });
}
