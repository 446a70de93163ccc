import { z } from 'zod';

/** What became of a newer version. It goes on only when a person says so, and never during a turn. */
export const UpdateState = z.discriminatedUnion('state', [
  /** There is none, or nobody looks: see `why_no_updates`. */
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('available'), version: z.string() }),
  z.object({ state: z.literal('downloading'), version: z.string(), percent: z.number().min(0).max(100) }),
  /** Downloaded and checked: installed by a restart. */
  z.object({
    state: z.literal('ready'),
    version: z.string(),
    /** It was to be installed, and a turn that had begun meanwhile was not cut. */
    held: z.literal(true).optional(),
  }),
  /** The restart has been asked for and comes when the system has verified the update, unless a turn is open by then. */
  z.object({ state: z.literal('installing'), version: z.string() }),
  /** The message is a sentence that says what to do. */
  z.object({ state: z.literal('failed'), message: z.string() }),
]);
export type UpdateState = z.infer<typeof UpdateState>;

/** What the system made of the settings that only the desktop app has. A browser tab has none of it. */
export const DesktopState = z.object({
  /** `refused`: the system or another program holds these keys. */
  shortcut: z.enum(['off', 'on', 'refused']),
  /** What the system says. `unsupported`: a build that is not packaged. */
  login: z.enum(['off', 'on', 'unsupported']),
  update: UpdateState,
  /** Why no update is looked for: a build that was not packaged or signed can't prove that an update is from its makers. */
  why_no_updates: z.enum(['not_packaged', 'not_signed', 'unsupported']).nullable(),
});
export type DesktopState = z.infer<typeof DesktopState>;

/** What a person asks for outside of the window: with the global shortcut, or in the tray. */
export const MicCommand = z.enum(['toggle', 'start', 'stop']);
export type MicCommand = z.infer<typeof MicCommand>;

/** The next step of an update: `download` what is available, `install` what is ready by a restart. */
export const UpdateStep = z.enum(['download', 'install']);
export type UpdateStep = z.infer<typeof UpdateStep>;
