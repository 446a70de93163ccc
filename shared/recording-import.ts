import { z } from 'zod';

// The import of an audio file: the page decodes it and uploads 16 kHz samples, from which the host writes a recording.

/** Path of uploads on the page's origin: `PUT /imports/<import id>/<offset>`. */
export const IMPORTS_PATH = '/imports/';
/** Maximum bytes of one import: five hours of samples (16 kHz, 2 bytes, one channel). */
export const MAX_IMPORT_BYTES = 16_000 * 2 * 5 * 3_600;
/** Maximum bytes of one piece of an upload: 8 s of samples. */
export const MAX_IMPORT_PIECE_BYTES = 256 * 1024;
/** Maximum length of an imported file's name, in UTF-16 code units. The longest name of most file systems. */
export const MAX_IMPORT_NAME = 255;

/** 32 random bytes in base64url: whoever knows the id may upload, finish and cancel this one import. */
export const ImportId = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Arguments of `beginImport`. */
export const ImportStart = z.object({
  /** The file's name, for the user to recognise it. Never used as a path. */
  name: z.string().min(1).max(MAX_IMPORT_NAME),
});

/** Result of `beginImport`. */
export const ImportTarget = z.object({
  id: ImportId,
  /**
   * URL relative to the page. The body of `PUT <url>/<offset>` is a piece of 16-bit mono samples at 16 kHz,
   * little-endian; `offset` is the number of bytes uploaded before it.
   */
  url: z.string().regex(/^imports\/[A-Za-z0-9_-]{43}$/),
});
export type ImportTarget = z.infer<typeof ImportTarget>;

/** Body of the response to a piece that was not accepted. */
export const ImportRefusal = z.object({ code: z.string(), message: z.string() });
