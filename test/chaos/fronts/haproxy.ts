import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProgram } from "../servers/program.ts";
import type { Front, FrontPorts } from "./front.ts";

/** HAProxy with ten health checks a second. */
export async function startHaproxy(at: FrontPorts, servers: readonly FrontPorts[]): Promise<Front> {
  const haproxy = await startProgram("haproxy", [at.http, at.grpc], (folder) => {
    const file = join(folder, "haproxy.cfg");
    writeFileSync(file, configuration(at, servers));
    return ["-W", "-f", file];
  });
  return { ...haproxy, reload: () => haproxy.signal("SIGUSR2") };
}

function configuration(at: FrontPorts, servers: readonly FrontPorts[]): string {
  const backend = (transport: keyof FrontPorts, protocol: string) =>
    servers
      .map((ports, index) => `  server s${index} 127.0.0.1:${ports[transport]}${protocol} check`)
      .join("\n");
  return `
defaults
  mode http
  option redispatch
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  default-server inter 100ms fall 1 rise 1
frontend http_front
  bind 127.0.0.1:${at.http}
  default_backend http_api
frontend grpc_front
  bind 127.0.0.1:${at.grpc} proto h2
  default_backend grpc_api
backend http_api
${backend("http", "")}
backend grpc_api
${backend("grpc", " proto h2")}
`;
}
