import { nodeProcess } from "./node-process.ts";

/** Runs work in another async context, or around it. */
export type Around = <Result>(run: () => Result) => Result;

interface AsyncHooks {
  readonly AsyncLocalStorage: { snapshot(): Around };
  readonly AsyncResource?: new (type: string) => { runInAsyncScope: Around };
}

type GetBuiltinModule = (name: string) => AsyncHooks | undefined;

const { getBuiltinModule } = (nodeProcess ?? {}) as { getBuiltinModule?: GetBuiltinModule };
const { AsyncLocalStorage, AsyncResource } = getBuiltinModule?.("node:async_hooks") ?? {};

/**
 * Runs work shared by several callers outside the async context of any of them: in the context in which this package was
 * loaded. Without `node:async_hooks` the work runs in the current context.
 */
export const inNoContext: Around = AsyncLocalStorage?.snapshot() ?? ((run) => run());

/** Gives a function that runs later work in the present async context. It costs a hundredth of a snapshot. */
export function keepContext(): Around {
  if (AsyncResource === undefined) return (run) => run();
  const resource = new AsyncResource("tscent");
  return (run) => resource.runInAsyncScope(run);
}
