import { RecordingInfo } from '../../shared/recording.ts';

/** The parts of an id; a subset of `TurnStart`. */
interface Turn {
  sessionId: string;
  turn: number;
  startedAt: Date;
}

/**
 * The base name of a recording's files: `2026-11-22T19-26-03-123Z_k3J9xQ2a_t1`. It sorts by time. It starts with a
 * digit, so it can't be a device name on Windows (`CON`, `NUL`).
 * @throws {RangeError} if `startedAt` is not a valid date
 */
export function createRecordingId(turn: Turn): string {
  const id = `${turn.startedAt.toISOString()}_${turn.sessionId.slice(0, 8)}_t${turn.turn}`;
  return id.replace(/[^A-Za-z0-9_-]/g, '-');
}

/** Whether an untrusted name has the form of `createRecordingId`: no path separator, no dot, no device name. */
export function isRecordingId(id: string): boolean {
  return RecordingInfo.shape.id.safeParse(id).success && /^\d{4}-\d\d-\d\dT\d\d-/.test(id);
}

/**
 * Parses the id of a recording whose JSON is lost. `session_id` is only the first 8 characters.
 * @returns null if `createRecordingId` can't have created the id
 */
export function parseRecordingId(id: string): { session_id: string; turn: number; started_at: string } | null {
  const parts =
    /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3})Z_([A-Za-z0-9_-]{0,8})_t([1-9]\d{0,9})(?:-\d\d?)?$/.exec(id);
  if (parts === null) return null;
  const [, day, hours, minutes, seconds, ms, session_id = '', turn] = parts;
  const started_at = `${day}${hours}:${minutes}:${seconds}.${ms}Z`;
  return Number.isNaN(Date.parse(started_at)) ? null : { session_id, turn: Number(turn), started_at };
}
