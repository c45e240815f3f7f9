import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { message: string };
}

/** TypeScript's language server, as an editor runs it. */
export interface LanguageServer extends AsyncDisposable {
  /** Opens a file that need not exist, as the text of an editor's window. */
  open(uri: string, text: string): void;
  /** The text that the editor shows for a place. Lines and characters count from 0. */
  hover(uri: string, line: number, character: number): Promise<string>;
}

/** Starts the language server of the project's own TypeScript in a folder. */
export async function startLanguageServer(folder: string): Promise<LanguageServer> {
  const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
  const server = spawn(process.execPath, [join(typescript, "bin/tsc"), "--lsp", "--stdio"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const waiting = new Map<number | string, (message: Message) => void>();
  let lastId = 0;

  const send = (message: object) => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const ask = (method: string, params?: object) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
      send({ id, method, params });
    });
  server.stdout.on(
    "data",
    messages((message) => {
      if (message.id === undefined) return;
      // The server asks questions of its own, and accepts any answer.
      if (message.method !== undefined) return send({ id: message.id, result: null });
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }),
  );

  const hover = { contentFormat: ["markdown"] };
  await ask("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: { textDocument: { hover } },
  });
  send({ method: "initialized", params: {} });
  return {
    open(uri, text) {
      const textDocument = { uri, languageId: "typescript", version: 1, text };
      send({ method: "textDocument/didOpen", params: { textDocument } });
    },
    async hover(uri, line, character) {
      const shown = await ask("textDocument/hover", { textDocument: { uri }, position: { line, character } });
      return (shown as { contents: { value: string } } | null)?.contents.value ?? "";
    },
    async [Symbol.asyncDispose]() {
      await ask("shutdown");
      send({ method: "exit" });
      await exited;
    },
  };
}

/** Cuts the server's output into messages: a header with the length, an empty line, JSON. */
function messages(onMessage: (message: Message) => void): (chunk: Buffer) => void {
  let received: Buffer = Buffer.alloc(0);
  return (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const start = received.indexOf("\r\n\r\n") + 4;
      const [, length] = /Content-Length: (\d+)/i.exec(received.subarray(0, start).toString()) ?? [];
      const end = start + Number(length);
      if (start < 4 || !(received.length >= end)) return;
      const message = received.subarray(start, end).toString();
      received = received.subarray(end);
      onMessage(JSON.parse(message) as Message);
    }
  };
}
