import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';

const Targets = z.array(z.object({ type: z.string(), webSocketDebuggerUrl: z.string() }));
const Answer = z.object({
  id: z.number(),
  error: z.object({ message: z.string() }).optional(),
  result: z
    .object({
      result: z.object({ value: z.unknown() }).partial().optional(),
      exceptionDetails: z.object({ text: z.string() }).optional(),
    })
    .optional(),
});
type Result = NonNullable<z.infer<typeof Answer>['result']>;

/**
 * Controls the page of an Electron app that Playwright did not start, over its debugging port (Chrome DevTools
 * Protocol). Playwright itself can't connect, because it requests browser contexts, which Electron does not have.
 */
export class DevToolsPage {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: Result): void; reject(error: Error): void }>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const { success, data: answer } = Answer.safeParse(JSON.parse(String(data)));
      if (!success) return;
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.error) waiting?.reject(new Error(answer.error.message));
      else waiting?.resolve(answer.result ?? {});
    });
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the page is gone'));
      this.#waiting.clear();
    });
  }

  /** @param port the port of 127.0.0.1 from the line `DevTools listening on` */
  static async connect(port: number): Promise<DevToolsPage> {
    const targets = Targets.parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
    const page = targets.find(({ type }) => type === 'page');
    if (!page) throw new Error('there is no page');
    const socket = new WebSocket(page.webSocketDebuggerUrl);
    await once(socket, 'open');
    return new DevToolsPage(socket);
  }

  /** Evaluates an expression. @returns its value, serialised as JSON */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(`${exceptionDetails.text}: ${expression}`);
    return result?.value;
  }

  /** Closes the page's window. */
  async close(): Promise<void> {
    await this.#send('Page.close');
  }

  #send(method: string, params: object = {}): Promise<Result> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
