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
