import { formatPath, type Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { type Origins, originAt } from './origins.ts';

type Json = Record<string | number, unknown>;

const isContainer = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** A document that is being completed: its value, and where each part came from. */
export class Draft {
  readonly value: Json;
  readonly origins: Origins;
  readonly problems: Problem[] = [];

  /** Takes ownership of both: they are changed in place. */
  constructor(value: Json, origins: Origins) {
    this.value = value;
    this.origins = origins;
  }

  get(steps: Steps): unknown {
    return steps.reduce<unknown>(
      (here, step) => (isContainer(here) && Object.hasOwn(here, step) ? here[step] : undefined),
      this.value,
    );
  }

  /** The text at a path; undefined where there is none. */
  text(steps: Steps): string | undefined {
    const value = this.get(steps);
    return typeof value === 'string' ? value : undefined;
  }

  /** The elements of a list with an id, and their paths. Others have a problem already. */
  elements(section: string): readonly { id: string; steps: Steps }[] {
    const list = this.get([section]);
    if (!Array.isArray(list)) return [];
    return list.flatMap((_, index) => {
      const id = this.text([section, index, 'id']);
      return id === undefined ? [] : [{ id, steps: [section, index] }];
    });
  }

  /** Sets a value; `from` is the path that it came from, where it was not this one. Missing objects on the way are made. */
  set(steps: Steps, value: unknown, from?: Steps): void {
    // A name that an author chose may be one that objects have of themselves.
    if (steps.includes('__proto__')) return;
    let here = this.value;
    for (const step of steps.slice(0, -1)) {
      if (!Object.hasOwn(here, step) || here[step] === undefined) here[step] = {};
      const next = here[step];
      if (!isContainer(next)) return;
      here = next;
    }
    here[steps.at(-1)!] = value;
    const origin = from && originAt(formatPath(from), this.origins);
    if (origin) this.origins[formatPath(steps)] = origin;
  }

  /** Where the document is silent at a path, takes the first value that one of the others states. */
  inherit(steps: Steps, others: readonly Steps[]): void {
    if (this.get(steps) !== undefined) return;
    const from = others.find((other) => this.get(other) !== undefined);
    if (from) this.set(steps, structuredClone(this.get(from)), from);
  }

  /** Where the document is silent at a path, what that means. */
  fill(steps: Steps, value: unknown): void {
    if (this.get(steps) === undefined) this.set(steps, value);
  }

  /** Takes a part out; what it was made of has gone to where it is needed. */
  drop(key: string): void {
    delete this.value[key];
    for (const path of Object.keys(this.origins)) {
      if (path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`)) delete this.origins[path];
    }
  }
}
