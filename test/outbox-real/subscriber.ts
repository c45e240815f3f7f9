import { setTimeout as delay } from "node:timers/promises";
import type { PublicationContext } from "centrifuge";
import { Centrifuge } from "centrifuge";

const timeoutMs = 30_000;

/** A client of a user: the official one, over a WebSocket. It keeps the publications of its channels. */
export class Subscriber implements Disposable {
  readonly #centrifuge: Centrifuge;
  readonly publications: PublicationContext[] = [];

  private constructor(url: string) {
    this.#centrifuge = new Centrifuge(url, {
      websocket: WebSocket,
      minReconnectDelay: 50,
      maxReconnectDelay: 500,
    });
  }

  static async connect(url: string, ...channels: readonly string[]): Promise<Subscriber> {
    const subscriber = new Subscriber(url);
    subscriber.#centrifuge.connect();
    for (const channel of channels) {
      const subscription = subscriber.#centrifuge.newSubscription(channel);
      subscription.on("publication", (publication) => subscriber.publications.push(publication));
      subscription.subscribe();
      await subscription.ready(timeoutMs);
    }
    return subscriber;
  }

  /** Waits until there are as many publications as `count`, and gives the data of each. */
  async data(count: number): Promise<unknown[]> {
    const deadline = Date.now() + timeoutMs;
    while (this.publications.length < count && Date.now() < deadline) await delay(5);
    return this.publications.map(({ data }) => data);
  }

  [Symbol.dispose](): void {
    this.#centrifuge.disconnect();
  }
}
