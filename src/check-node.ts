// The first import of each entry point. ESM evaluates imports in order, before the importing module: a check in index.ts
// would come after undici, which fails on an older Node.js with "Cannot read properties of undefined". For the same reason
// a bundled build must keep this module in a file of its own.

const { versions }: { versions?: Readonly<Record<string, string | undefined>> } = globalThis.process ?? {};
// Only Node.js has libuv and is neither Bun nor Deno. These and workerd imitate other versions of Node.js, and workerd has
// an empty version of libuv.
const isNode = Boolean(versions?.uv) && versions?.bun === undefined && versions?.deno === undefined;
const [major = 0, minor = 0] = (versions?.node ?? "").split(".").map(Number);
if (isNode && (major < 22 || (major === 22 && minor < 19)))
  throw new Error(`tscent needs Node.js 22.19 or newer; this is Node.js ${versions?.node}`);
