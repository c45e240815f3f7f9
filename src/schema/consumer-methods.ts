/** The client's method for each method name that Centrifugo's consumers accept. */
export const consumerMethods = {
  publish: "publish",
  broadcast: "broadcast",
  subscribe: "subscribe",
  unsubscribe: "unsubscribe",
  disconnect: "disconnect",
  history_remove: "historyRemove",
  refresh: "refresh",
} as const;

/** A method that Centrifugo's async consumers accept. They skip messages with any other method. */
export type ConsumerMethod = keyof typeof consumerMethods;

export function isConsumerMethod(method: unknown): method is ConsumerMethod {
  return typeof method === "string" && Object.hasOwn(consumerMethods, method);
}
