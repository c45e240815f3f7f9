// undici has no declarations for the files of its own.
declare module "undici/lib/dispatcher/pool.js" {
  import type { Pool } from "undici";

  const pool: typeof Pool;
  // biome-ignore lint/style/noDefaultExport: a CommonJS module
  export default pool;
}
declare module "undici/lib/core/connect.js" {
  import type { buildConnector } from "undici";

  const connect: typeof buildConnector;
  // biome-ignore lint/style/noDefaultExport: a CommonJS module
  export default connect;
}
