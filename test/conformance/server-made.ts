const shapes: Readonly<Record<string, RegExp>> = {
  epoch: /^[a-zA-Z]{8}$/,
  uid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  name: /^.+_\d+$/,
  // The recorded build does not know its version.
  version: /^\d+\.\d+\.\d+ OSS$/,
  time: /^\d{13}$/,
  uptime: /^\d+$/,
};

/**
 * The values that a server makes up in one scenario. A recorded value always stands for the same actual value. Two
 * recorded epochs or ids never stand for the same actual one.
 */
export class ServerMadeValues {
  readonly #actualOf = new Map<string, string>();
  readonly #recordedOf = new Map<string, string>();
  readonly #clients = new Map<string, string>();

  /** Learns the actual values for recorded ones, from two replies of the same shape. */
  learn(recorded: unknown, actual: unknown): void {
    if (Array.isArray(recorded) && Array.isArray(actual)) {
      for (const [index, item] of recorded.entries()) this.learn(item, actual[index]);
      return;
    }
    if (!isObject(recorded) || !isObject(actual)) return;
    for (const [key, value] of Object.entries(recorded)) {
      const shape = shapes[key];
      if (shape !== undefined && !isObject(value)) this.#pair(key, shape, String(value), String(actual[key]));
      else this.learn(value, actual[key]);
    }
  }

  /** Learns the actual id of a recorded client. */
  learnClient(recorded: string, actual: string): void {
    this.#clients.set(recorded, actual);
  }

  /** Whether the actual id of a recorded client is still unknown. */
  isNewClient(recorded: string): boolean {
    return !this.#clients.has(recorded);
  }

  /** A recorded text with the actual values in place of the recorded ones. */
  replaceIn(text: string): string {
    let replaced = text;
    for (const [pair, actual] of this.#actualOf) {
      const [key = "", recorded = ""] = pair.split("=");
      replaced = replaced.replaceAll(`"${key}":"${recorded}"`, `"${key}":"${actual}"`);
      replaced = replaced.replace(new RegExp(`"${key}":${recorded}(?=[,}])`, "g"), `"${key}":${actual}`);
    }
    for (const [recorded, actual] of this.#clients) replaced = replaced.replaceAll(recorded, actual);
    return replaced;
  }

  #pair(key: string, shape: RegExp, recorded: string, actual: string): void {
    if (!shape.test(actual)) throw new Error(`${key}: ${actual} does not look like ${recorded}`);
    const known = this.#actualOf.get(`${key}=${recorded}`);
    if (known === undefined) this.#actualOf.set(`${key}=${recorded}`, actual);
    // Two publications may share a millisecond in one run, and not in the other.
    if (key === "time" || key === "uptime") return;
    const earlier = this.#recordedOf.get(`${key}=${actual}`) ?? recorded;
    if ((known ?? actual) !== actual || earlier !== recorded) {
      throw new Error(`${key}: ${recorded} was ${known ?? "new"} and is ${actual}, which was ${earlier}`);
    }
    this.#recordedOf.set(`${key}=${actual}`, recorded);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
