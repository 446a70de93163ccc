/**
 * An error with a stable `code` for programs and a sentence for people that says what to do next.
 * Every error that leaves a module of Earshot on purpose is one of these.
 */
export class EarshotError extends Error {
  override readonly name = 'EarshotError';

  constructor(
    /** Stable and lower-case, e.g. `bad_audio`; safe to compare and to log. */
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** A one-line description of anything thrown, for a log field. */
export function describeError(error: unknown): string {
  if (error instanceof EarshotError) return `${error.code}: ${error.message}`;
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    // Node's own messages begin with their code already.
    return typeof code === 'string' && !error.message.startsWith(code) ? `${code}: ${error.message}` : error.message;
  }
  return String(error);
}
