/**
 * An error with a stable `code` for programs and a message for users that says what to do next.
 * All errors that Earshot's modules throw deliberately are of this class.
 */
export class EarshotError extends Error {
  override readonly name = 'EarshotError';

  constructor(
    /** Stable and lower-case, e.g. `bad_audio`; safe to log. */
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Describes any thrown value in one line, for a log field. */
export function describeError(error: unknown): string {
  if (error instanceof EarshotError) return `${error.code}: ${error.message}`;
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    // Node's own messages already start with the code.
    return typeof code === 'string' && !error.message.startsWith(code) ? `${code}: ${error.message}` : error.message;
  }
  return String(error);
}
