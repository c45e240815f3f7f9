/** A failure whose message says what to do, so that its stack is not shown. */
export class UpgradeError extends Error {
  override readonly name = "UpgradeError";
}
