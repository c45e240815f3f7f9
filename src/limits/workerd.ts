/**
 * Whether the runtime is workerd, that of Cloudflare Workers. There a timer, a fetch or a promise belongs to the request
 * that made it: another request that waits for it hangs, and it ends with its request.
 */
export function isWorkerd(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}
