interface Numbered {
  readonly name: string;
  readonly number: number;
}

/** Which element of an old list is which of a new one. */
export interface Matches<Element> {
  /** Both have the name; the number may be another. */
  readonly same: readonly (readonly [before: Element, after: Element])[];
  /** The number is the same, the name is another, and neither name is on the other side. */
  readonly renamed: readonly (readonly [before: Element, after: Element])[];
  readonly removed: readonly Element[];
  readonly added: readonly Element[];
}

/** Matches fields, or the values of an enum: by name first, and what is left by number. */
export function matchElements<Element extends Numbered>(
  before: readonly Element[],
  after: readonly Element[],
): Matches<Element> {
  const same = after.flatMap((element) => {
    const former = before.find(({ name }) => name === element.name);
    return former === undefined ? [] : [[former, element] as const];
  });
  const gone = new Set(before);
  const fresh = new Set(after);
  const take = ([former, element]: readonly [Element, Element]) => {
    gone.delete(former);
    fresh.delete(element);
  };
  same.forEach(take);
  const renamed = [...fresh].flatMap((element) => {
    const former = [...gone].find(({ number }) => number === element.number);
    if (former === undefined) return [];
    gone.delete(former);
    return [[former, element] as const];
  });
  renamed.forEach(take);
  return { same, renamed, removed: [...gone], added: [...fresh] };
}
