import { ErrorSchema } from "#api";
import { JsonScanner } from "../../codec/json/json-scanner.ts";
import { readMessage } from "../../codec/json/read-message.ts";
import { JsonReadError } from "../../codec/path-error.ts";
import type { MethodTable } from "../../schema/method-table.ts";
import type { Backend } from "../backend.ts";
import { ApiError, badRequest, errorMessage, notFound } from "../brokers/api-error.ts";
import type { HttpReply } from "./reply.ts";
import { jsonReply, textReply } from "./reply.ts";
import { writeReply } from "./write-reply.ts";

const firstMethods =
  "publish broadcast unsubscribe disconnect presence presence_stats history history_remove channels info rpc subscribe refresh";
const lastMethods =
  "map_publish map_remove map_read_state map_read_stream map_stats map_clear shared_poll_publish";

/** The old API's numbers of methods. Other numbers are Centrifugo PRO's, or unused. */
const numbers: ReadonlyMap<number, string> = new Map([
  ...firstMethods.split(" ").entries(),
  ...lastMethods.split(" ").map((name, index) => [33 + index, name] as const),
]);

interface LegacyCommand {
  id: number;
  method: string;
  /** JSON text; "" for none. */
  params: string;
}

/**
 * The route of the old API, at the prefix itself. It takes commands `{id, method, params}` one after another, and replies to
 * each on its own line.
 *
 * @throws JsonReadError for a malformed command, after the commands before it were run.
 */
export async function answerLegacy(
  backend: Backend,
  text: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpReply> {
  if (text === "") return textReply(400);
  const scanner = new JsonScanner(text);
  const replies: string[] = [];
  while (!Number.isNaN(scanner.peek())) {
    const command = readCommand(backend.table, scanner);
    const reply = await runCommand(backend, command, headers);
    replies.push(command.id === 0 ? `{${reply}}` : `{"id":${command.id},${reply}}`);
  }
  return jsonReply(200, replies.join("\n"));
}

function readCommand(table: MethodTable, scanner: JsonScanner): LegacyCommand {
  const raw = scanner.raw();
  scanner.parsed(raw);
  const command: LegacyCommand = { id: 0, method: "publish", params: "" };
  const members = new JsonScanner(raw);
  if (members.takeNull()) return command;
  if (!members.take("{")) throw members.unexpected("an object");
  if (members.take("}")) return command;
  do {
    const name = members.string().toLowerCase();
    members.expect(":");
    const value = members.raw();
    if (name === "id" && value !== "null") command.id = readId(value);
    else if (name === "method") command.method = readMethod(table, value);
    else if (name === "params") command.params = value;
  } while (members.take(","));
  return command;
}

function readId(value: string): number {
  if (!/^\d+$/.test(value) || Number(value) > 0xffff_ffff)
    throw new JsonReadError(`id: not a number: ${value}`);
  return Number(value);
}

function readMethod(table: MethodTable, value: string): string {
  const name = value.slice(1, -1).toLowerCase();
  const method = table.byPath(name);
  if (method?.command !== undefined) return name;
  if (!/^[+-]?\d+$/.test(value)) throw new JsonReadError(`method: unknown: ${value}`);
  return numbers.get(Number(value)) ?? "";
}

async function runCommand(
  backend: Backend,
  { method: path, params }: LegacyCommand,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const method = backend.table.byPath(path);
    if (method === undefined || !backend.has(method)) throw notFound();
    const request = readParams(() => readMessage(method.rpc.input, params));
    const result = await backend.handle(method, request, "http", headers);
    const schema = method.rpc.output.fields.find((field) => field.name === "result")?.message;
    return `"result":${schema === undefined ? "{}" : writeReply(schema, result)}`;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `"error":${writeReply(ErrorSchema, errorMessage(error))}`;
  }
}

function readParams<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof JsonReadError ? badRequest() : error;
  }
}
