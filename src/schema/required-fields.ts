/** The fields that the server requires. All fields of a method not listed here are optional. */
const table = {
  publish: ["channel", "data"],
  broadcast: ["channels", "data"],
  subscribe: ["channel"],
  unsubscribe: ["channel"],
  presence: ["channel"],
  presenceStats: ["channel"],
  history: ["channel"],
  historyRemove: ["channel"],
  rpc: ["method"],
  batch: ["commands"],
  updateUserStatus: ["users"],
  getUserStatus: ["users"],
  deleteUserStatus: ["users"],
  blockUser: ["user"],
  unblockUser: ["user"],
  revokeToken: ["uid"],
  invalidateUserTokens: ["user"],
  deviceRegister: ["provider", "token", "platform"],
  deviceTopicUpdate: ["deviceId", "op"],
  userTopicUpdate: ["user", "op"],
  sendPushNotification: ["recipient", "notification"],
  updatePushStatus: ["analyticsUid", "status", "deviceId"],
  cancelPush: ["uid"],
  mapPublish: ["channel", "key"],
  mapRemove: ["channel", "key"],
  mapReadState: ["channel"],
  mapReadStream: ["channel"],
  mapStats: ["channel"],
  mapClear: ["channel"],
  sharedPollPublish: ["channel", "key", "version"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The names of a method's required fields, by method. */
export type RequiredFields = { readonly [Method in keyof typeof table]: (typeof table)[Method][number] };

/** The required fields of a method; empty if the table does not list the method. */
export function requiredFields(method: string): readonly string[] {
  return Object.hasOwn(table, method) ? table[method as keyof typeof table] : [];
}
