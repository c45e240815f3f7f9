import type { DescField, DescMessage, DescMethod, DescMethodUnary, DescService } from "@bufbuild/protobuf";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import { perDescriptor } from "./per-descriptor.ts";
import { rpcPath } from "./rpc-path.ts";

/** A method of the server API with all its names. */
export interface Method {
  /** The name in the client and in batch commands: `presenceStats`. */
  readonly name: string;
  /** The name in HTTP paths, JSON batches and consumer messages: `presence_stats`. */
  readonly path: string;
  /** The RPC: `PresenceStats`. */
  readonly rpc: DescMethodUnary;
  /** The method's field in `Command`; undefined for a method that cannot be in a batch, such as `batch` itself. */
  readonly command: DescField | undefined;
}

/** The methods of a service, from its descriptor. */
export interface MethodTable {
  readonly service: DescService;
  readonly methods: readonly Method[];
  /** The method `batch`. */
  readonly batch: Method;
  /** The message types of a command in a batch, and of its reply. */
  readonly command: DescMessage;
  readonly reply: DescMessage;
  byName(name: string): Method | undefined;
  byPath(path: string): Method | undefined;
  byRpc(rpc: DescMethod): Method | undefined;
}

/**
 * Makes the method table of a service. Each unary RPC is a method, named after its field in `Command` if it has one.
 *
 * @throws TypeError for a service that is not Centrifugo's API
 */
export const methodTable = perDescriptor((service: DescService): MethodTable => {
  const lacks = (what: string) =>
    new TypeError(`${service.typeName} is not Centrifugo's API: it has no ${what}`);
  const unary = new Map(service.methods.filter(isUnary).map((rpc) => [plain(rpc.name), rpc]));
  const batchRpc = unary.get("batch");
  const command = listElement(batchRpc?.input, "commands");
  const reply = listElement(batchRpc?.output, "replies");
  if (batchRpc === undefined || command === undefined || reply === undefined)
    throw lacks("RPC Batch with commands and replies");
  unary.delete("batch");
  const commands = command.fields.flatMap((field): Method[] => {
    const rpc = unary.get(plain(field.name));
    unary.delete(plain(field.name));
    return rpc === undefined ? [] : [{ name: field.localName, path: field.name, rpc, command: field }];
  });
  if (commands.length === 0) throw lacks("RPC for any Command");
  const others = [...unary.values(), batchRpc].map((rpc): Method => {
    const path = rpcPath(rpc.name);
    return { name: protoCamelCase(path), path, rpc, command: undefined };
  });
  const methods = [...commands, ...others];
  const batch = others.at(-1) as Method;
  const names = new Map(methods.map((method) => [method.name, method]));
  const paths = new Map(methods.map((method) => [method.path, method]));
  const rpcs = new Map<DescMethod, Method>(methods.map((method) => [method.rpc, method]));
  return {
    service,
    methods,
    batch,
    command,
    reply,
    byName: (name) => names.get(name),
    byPath: (path) => paths.get(path),
    byRpc: (rpc) => rpcs.get(rpc),
  };
});

const isUnary = (rpc: DescMethod): rpc is DescMethodUnary => rpc.methodKind === "unary";

/** Makes `presence_stats`, `PresenceStats` and `presenceStats` equal, and `rpc` and `RPC`. */
function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function listElement(message: DescMessage | undefined, name: string): DescMessage | undefined {
  const field = message?.fields.find((candidate) => candidate.name === name);
  return field?.fieldKind === "list" ? field.message : undefined;
}
