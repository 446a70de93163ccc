import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The functions that a child process offers: `serve` in the child, `startChild` in its parent. */
type Api = object;
type Args<A extends Api, Name extends keyof A> = A[Name] extends (...args: infer P) => unknown ? P : never;
type Result<A extends Api, Name extends keyof A> = A[Name] extends (...args: never[]) => infer R ? Awaited<R> : never;

interface Question {
  id: number;
  name: string;
  args: unknown[];
}
type Answer = { id: number; value: unknown } | { id: number; error: string };

export interface Child<A extends Api> {
  /** Rejects with what the function threw, or when the child ends first. */
  call<Name extends keyof A & string>(name: Name, ...args: Args<A, Name>): Promise<Result<A, Name>>;
  /** Lets the child end by itself; resolves when it has. */
  stop(): Promise<void>;
}

/** How long (ms) a child may take to end before it is killed. */
const STOP_MS = 10_000;

/**
 * Starts a module in a process of its own, so that no contender shares an event loop with another or with its clients.
 * @param module path of a built module
 * @param profileDir where V8 writes a CPU profile of it when it ends
 */
export async function startChild<A extends Api>(
  module: string,
  args: string[] = [],
  profileDir: string | null = null,
): Promise<Child<A>> {
  const child = fork(module, args, {
    // Not the parent's own flags, which load TypeScript.
    execArgv: profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [],
    // Structured clone: typed arrays cross as they are.
    serialization: 'advanced',
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${module} ended early`));
    waiting.clear();
  });
  child.on('message', (message) => {
    const answer = message as Answer;
    const question = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) question?.reject(new Error(answer.error));
    else question?.resolve(answer.value);
  });
  // The child's first word, as if it answered question 0.
  await new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));

  return {
    call(name, ...callArgs) {
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve: (value) => resolve(value as Result<A, typeof name>), reject });
        child.send({ id, name, args: callArgs } satisfies Question);
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
 * The child's half: answers its parent's calls until the parent lets go, then cleans up and ends.
 * @param api called by name; what throws or rejects is told to the parent
 */
export function serve<A extends Api>(api: A, cleanUp: () => Promise<void> | void = () => undefined): void {
  const answer = (message: Answer) => process.send?.(message);
  process.on('message', async (message) => {
    const { id, name, args } = message as Question;
    try {
      const method = Reflect.get(api, name) as (...args: unknown[]) => unknown;
      answer({ id, value: await method(...args) });
    } catch (error) {
      answer({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  process.on('disconnect', async () => {
    await cleanUp();
    process.exit();
  });
  answer({ id: 0, value: null });
}

/** Says at each call how much CPU time (ms, of user and system) this process has used since the last one. */
export function cpuMeter(): () => number {
  let last = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    return (user + system) / 1000;
  };
}
