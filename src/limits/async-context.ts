import { nodeProcess } from "./node-process.ts";

interface AsyncHooks {
  readonly AsyncLocalStorage: { snapshot(): <Result>(run: () => Result) => Result };
}

type GetBuiltinModule = (name: string) => AsyncHooks | undefined;

const { getBuiltinModule } = (nodeProcess ?? {}) as { getBuiltinModule?: GetBuiltinModule };

/**
 * Runs work shared by several callers outside the async context of any of them: in the context in which this package was
 * loaded. Without `node:async_hooks` the work runs in the current context.
 */
export const inNoContext: <Result>(run: () => Result) => Result =
  getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage.snapshot() ?? ((run) => run());
