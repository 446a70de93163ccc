import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The functions that a child process exposes to its parent: `serve` in the child, `startChild` in the parent. */
type Api = object;
type Args<A extends Api, Name extends keyof A> = A[Name] extends (...args: infer P) => unknown ? P : never;
type Result<A extends Api, Name extends keyof A> = A[Name] extends (...args: never[]) => infer R ? Awaited<R> : never;

interface Request {
  id: number;
  name: string;
  args: unknown[];
}
type Response = { id: number; value: unknown } | { id: number; error: string };

export interface Child<A extends Api> {
  /** Calls a function of the child. Rejects with the message of its error, or if the child exits first. */
  call<Name extends keyof A & string>(name: Name, ...args: Args<A, Name>): Promise<Result<A, Name>>;
  /** Disconnects, so the child cleans up and exits; resolves when it has exited. */
  stop(): Promise<void>;
}

/** A child that has not exited after this time (ms) is killed. */
const STOP_MS = 10_000;

/**
 * Starts a module in a separate process, so that no contender shares an event loop with another or with its clients.
 * @param module path of a built module
 * @param profileDir folder for a CPU profile, which V8 writes when the process exits
 */
export async function startChild<A extends Api>(
  module: string,
  args: string[] = [],
  profileDir: string | null = null,
): Promise<Child<A>> {
  const child = fork(module, args, {
    // Without the parent's flags, which load tsx.
    execArgv: profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [],
    // Structured clone keeps typed arrays.
    serialization: 'advanced',
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${module} exited early`));
    waiting.clear();
  });
  child.on('message', (message) => {
    const response = message as Response;
    const request = waiting.get(response.id);
    waiting.delete(response.id);
    if ('error' in response) request?.reject(new Error(response.error));
    else request?.resolve(response.value);
  });
  // `serve` sends a response with id 0 when the child is ready.
  await new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));

  return {
    call(name, ...callArgs) {
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve: (value) => resolve(value as Result<A, typeof name>), reject });
        child.send({ id, name, args: callArgs } satisfies Request);
      });
    },
    async stop() {
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(kill);
    },
  };
}

/**
 * The child's side: answers its parent's calls until the parent disconnects, then cleans up and exits.
 * @param api the functions, called by name; errors are sent to the parent
 */
export function serve<A extends Api>(api: A, cleanUp: () => Promise<void> | void = () => undefined): void {
  const respond = (response: Response) => process.send?.(response);
  process.on('message', async (message) => {
    const { id, name, args } = message as Request;
    try {
      const method = Reflect.get(api, name) as (...args: unknown[]) => unknown;
      respond({ id, value: await method(...args) });
    } catch (error) {
      respond({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  process.on('disconnect', async () => {
    await cleanUp();
    process.exit();
  });
  respond({ id: 0, value: null });
}

/** Returns a function that returns the CPU time (ms, user and system) of this process since its previous call. */
export function cpuMeter(): () => number {
  let last = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    return (user + system) / 1000;
  };
}
