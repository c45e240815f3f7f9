/** Caches the results of `make` by descriptor. */
export function perDescriptor<Descriptor extends object, Made extends object>(
  make: (descriptor: Descriptor) => Made,
): (descriptor: Descriptor) => Made {
  const made = new WeakMap<Descriptor, Made>();
  return (descriptor) => {
    let found = made.get(descriptor);
    if (found === undefined) {
      found = make(descriptor);
      made.set(descriptor, found);
    }
    return found;
  };
}
