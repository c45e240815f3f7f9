/**
 * Loads a module of Node.js where it is used. `node:http2` alone takes as long as the rest of tscent, and many programs need
 * only HTTP. Bun and Deno have the function, too.
 */
export const builtin: NodeJS.Process["getBuiltinModule"] = (name: string) => process.getBuiltinModule(name);
