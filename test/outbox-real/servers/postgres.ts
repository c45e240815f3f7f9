import { execFileSync } from "node:child_process";
import { chownSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "../../chaos/servers/ports.ts";
import type { Program } from "../../chaos/servers/program.ts";
import { findProgram, startProgram } from "../../chaos/servers/program.ts";

interface ProgramUser {
  readonly uid: number;
  readonly gid: number;
}

const startTimeoutMs = 20_000;

/** The path of PostgreSQL's server, also where Debian keeps it; undefined if there is none. */
export function postgresBinary(): string | undefined {
  return findProgram("postgres") ?? globSync("/usr/lib/postgresql/*/bin/postgres").sort().at(-1);
}

export interface Postgres extends AsyncDisposable {
  /** The address for Centrifugo and `pg`. */
  readonly dsn: string;
  /** Opens a connection that is closed with the server. */
  connect(): Promise<Client>;
}

/** Starts PostgreSQL on loopback with a new data directory. */
export async function startPostgres(binary: string): Promise<Postgres> {
  const port = await freePort();
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  const program: Program = await startProgram(
    binary,
    [port],
    (folder) => prepare(binary, folder, port, user),
    user,
  );
  const dsn = `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
  const clients: Client[] = [];
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(program);
  clients.push(await firstConnection(dsn));
  const kept = cleanup.move();
  return {
    dsn,
    async connect() {
      const client = new Client({ connectionString: dsn });
      await client.connect();
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.end()));
      await kept.disposeAsync();
    },
  };
}

function prepare(binary: string, folder: string, port: number, user?: ProgramUser): string[] {
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const initdb = join(dirname(binary), "initdb");
  const options = [
    "-D",
    data,
    "-U",
    "postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ];
  execFileSync(initdb, options, { cwd: folder, stdio: ["ignore", "ignore", "inherit"], ...user });
  return [
    "-D",
    data,
    "-p",
    String(port),
    "-k",
    folder,
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    "fsync=off",
  ];
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): ProgramUser {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const found = ["postgres", "nobody"].map((name) => users.find(([user]) => user === name)).find(Boolean);
  if (found === undefined)
    throw new Error("root cannot run PostgreSQL, and there is no user postgres or nobody");
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** PostgreSQL listens before it takes connections. */
async function firstConnection(connectionString: string): Promise<Client> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const client = new Client({ connectionString });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(100);
    }
  }
}
