/**
 * The process of Node.js, Bun, Deno and others that have Node.js's functions; undefined elsewhere. The functions of the process
 * in Next.js's edge runtime throw, and only a version of Node.js tells that it has real ones.
 */
export const nodeProcess: typeof globalThis.process | undefined =
  globalThis.process?.versions?.node === undefined ? undefined : globalThis.process;
