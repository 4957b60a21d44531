import { ChildRegister } from './children.ts';
import type { Home } from './home.ts';
import { type Service, Supervised } from './supervised.ts';
import type { Tell } from './temporal/binary.ts';

/** Services that run together; the last started is stopped first. */
export class Crew {
  readonly #register: ChildRegister;
  readonly #tell: Tell;
  readonly signal: AbortSignal;
  readonly #running: Supervised[] = [];

  constructor(home: Home, tell: Tell, signal: AbortSignal) {
    this.#register = new ChildRegister(home.run);
    this.#tell = tell;
    this.signal = signal;
  }

  readonly run = async (service: Service): Promise<void> => {
    this.signal.throwIfAborted();
    const supervised = new Supervised(service, this.#register, this.#tell);
    this.#running.push(supervised);
    await supervised.start();
  };

  async stop(tell: Tell): Promise<void> {
    for (const service of this.#running.splice(0).reverse()) await service.stop(tell);
  }
}
