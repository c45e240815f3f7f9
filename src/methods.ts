import type { DescField, DescMessage, DescMethod, DescMethodUnary, DescService } from "@bufbuild/protobuf";

/** One method of the server API, under each of its names. */
export interface Method {
  /** The client's name, and the key in a batch command: `presenceStats`. */
  readonly name: string;
  /** The name in HTTP paths, batches on the wire and consumer messages: `presence_stats`. */
  readonly path: string;
  /** The RPC: `PresenceStats`. */
  readonly rpc: DescMethodUnary;
  /** The method's field of `Command`; undefined for `batch`. */
  readonly command: DescField | undefined;
}

/** The methods of a service, read from its descriptor. */
export interface MethodTable {
  readonly service: DescService;
  readonly methods: readonly Method[];
  /** The message that holds one command of a batch, and the one that answers it. */
  readonly command: DescMessage;
  readonly reply: DescMessage;
  byName(name: string): Method | undefined;
  byPath(path: string): Method | undefined;
  byRpc(rpc: DescMethod): Method | undefined;
}

const tables = new WeakMap<DescService, MethodTable>();

/**
 * The method table of a service: each field of `Command` is a method, and `batch`, which carries the commands.
 *
 * @throws TypeError for a service that is not Centrifugo's API.
 */
export function methodTable(service: DescService): MethodTable {
  let table = tables.get(service);
  if (table === undefined) {
    table = readTable(service);
    tables.set(service, table);
  }
  return table;
}

function readTable(service: DescService): MethodTable {
  const batch = unaryMethod(service, "batch");
  const command = listElement(batch?.input, "commands");
  const reply = listElement(batch?.output, "replies");
  if (batch === undefined || command === undefined || reply === undefined) {
    throw new TypeError(
      `${service.typeName} is not Centrifugo's API: it has no RPC Batch with commands and replies`,
    );
  }
  const methods = command.fields.map((field): Method => {
    const rpc = unaryMethod(service, field.name);
    if (rpc === undefined)
      throw new TypeError(`${service.typeName} has no RPC for ${command.name}.${field.name}`);
    return { name: field.localName, path: field.name, rpc, command: field };
  });
  methods.push({ name: "batch", path: "batch", rpc: batch, command: undefined });
  const names = new Map(methods.map((method) => [method.name, method]));
  const paths = new Map(methods.map((method) => [method.path, method]));
  const rpcs = new Map<DescMethod, Method>(methods.map((method) => [method.rpc, method]));
  return {
    service,
    methods,
    command,
    reply,
    byName: (name) => names.get(name),
    byPath: (path) => paths.get(path),
    byRpc: (rpc) => rpcs.get(rpc),
  };
}

/** `presence_stats`, `PresenceStats` and `presenceStats` are one name, and so are `rpc` and `RPC`. */
function unaryMethod(service: DescService, name: string): DescMethodUnary | undefined {
  const plain = (text: string) => text.replaceAll("_", "").toLowerCase();
  return service.methods.find(
    (method): method is DescMethodUnary =>
      method.methodKind === "unary" && plain(method.name) === plain(name),
  );
}

function listElement(message: DescMessage | undefined, name: string): DescMessage | undefined {
  const field = message?.fields.find((candidate) => candidate.name === name);
  return field?.fieldKind === "list" ? field.message : undefined;
}
