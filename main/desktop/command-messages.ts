import { z } from 'zod';
import { WindowReport } from '../../shared/desktop.ts';
import { APP_COMMANDS } from './command-line.ts';

/** Sent to the running Earshot by a second start, with its request for the lock. */
export const CommandRequest = z.object({
  command: z.enum(APP_COMMANDS),
  /** Part of the name of the file with the reply: 128 random bits, so no other program can guess or create it. */
  reply: z.string().regex(/^[0-9a-f]{32}$/),
});
export type CommandRequest = z.infer<typeof CommandRequest>;

/** What one window does. */
export const WindowStatus = z.object({
  /** Number of the window in this launch, from 1. */
  window: z.int().min(1),
  /** The window that `--toggle`, `--start` and `--show` use. */
  current: z.boolean(),
  /** `no_answer`: its page is being loaded, hangs or has crashed. */
  state: z.enum([...WindowReport.shape.state.options, 'no_answer']),
  ...WindowReport.omit({ request: true, state: true }).shape,
});
export type WindowStatus = z.infer<typeof WindowStatus>;

/** What `--status --json` prints. */
export const AppStatus = z.object({ version: z.string(), windows: z.array(WindowStatus) });
export type AppStatus = z.infer<typeof AppStatus>;

/** Content of the file with the reply. */
export const CommandReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), status: AppStatus.optional() }),
  /** A sentence for the user. */
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type CommandReply = z.infer<typeof CommandReply>;
