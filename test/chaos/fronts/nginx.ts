import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProgram } from "../servers/program.ts";
import type { Front, FrontPorts } from "./front.ts";

/** nginx with its defaults, except that the next call tries an unreachable server again. */
export async function startNginx(at: FrontPorts, servers: readonly FrontPorts[]): Promise<Front> {
  const nginx = await startProgram("nginx", [at.http, at.grpc], (folder) => {
    const file = join(folder, "nginx.conf");
    writeFileSync(file, configuration(folder, at, servers));
    return ["-p", folder, "-c", file, "-e", join(folder, "error.log")];
  });
  return { ...nginx, reload: () => nginx.signal("SIGHUP") };
}

function configuration(folder: string, at: FrontPorts, servers: readonly FrontPorts[]): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const upstream = (transport: keyof FrontPorts) =>
    servers.map((ports) => `server 127.0.0.1:${ports[transport]} max_fails=0;`).join(" ");
  return `
    daemon off;
    pid ${folder}/nginx.pid;
    events {}
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
      upstream http_api { ${upstream("http")} }
      upstream grpc_api { ${upstream("grpc")} }
      server { listen 127.0.0.1:${at.http}; location / { proxy_pass http://http_api; } }
      server { listen 127.0.0.1:${at.grpc} http2; location / { grpc_pass grpc://grpc_api; } }
    }`;
}
