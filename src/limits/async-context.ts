interface AsyncHooks {
  readonly AsyncLocalStorage: { snapshot(): <Result>(run: () => Result) => Result };
}

type GetBuiltinModule = (name: string) => AsyncHooks | undefined;

const { getBuiltinModule } = (globalThis.process ?? {}) as { getBuiltinModule?: GetBuiltinModule };

/**
 * Runs work that several callers share in the async context in which this package was loaded, and so in none of theirs. A
 * runtime without `node:async_hooks` runs it as it is.
 */
export const inNoContext: <Result>(run: () => Result) => Result =
  getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage.snapshot() ?? ((run) => run());
