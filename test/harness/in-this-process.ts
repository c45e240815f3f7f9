// Runs before each file of the unit project. A unit test opens no socket and starts no process.
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { afterAll, afterEach } from "vitest";

let refused: Error | undefined;

function refuse(owner: object, name: string, what: string): void {
  const replacement = () => {
    refused = new Error(`it ${what}: this test needs the .wire.test.ts suffix`);
    throw refused;
  };
  Object.defineProperty(owner, name, { value: replacement, configurable: true, writable: true });
}

refuse(net.Server.prototype, "listen", "listens");
refuse(net.Socket.prototype, "connect", "opens a socket");
refuse(childProcess.ChildProcess.prototype, "spawn", "starts a process");
for (const name of ["spawnSync", "execSync", "execFileSync"]) refuse(childProcess, name, "starts a process");
syncBuiltinESMExports();

/** The client may report the error as a lost connection, so it is thrown again outside the call. */
function report(): void {
  const error = refused;
  refused = undefined;
  if (error !== undefined) throw error;
}

afterEach(report);
afterAll(report);
