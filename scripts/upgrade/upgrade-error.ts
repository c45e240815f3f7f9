/** Something that the person who runs the upgrade can act on: the message says all, a stack would say nothing more. */
export class UpgradeError extends Error {
  override readonly name = "UpgradeError";
}
