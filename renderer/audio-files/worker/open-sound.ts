import { AudioFileError, noSound, notAudio, unsupported } from '../audio-file-error.ts';
import { openAdts } from './adts-file.ts';
import { ascii, ByteReader, type ByteSource, viewOf } from './byte-source.ts';
import { canDecode, decodePackets } from './decode-packets.ts';
import { openFlac } from './flac-file.ts';
import { openMp3 } from './mp3-file.ts';
import { openMp4 } from './mp4-file.ts';
import { openOgg } from './ogg-file.ts';
import type { PacketSound, Sound } from './sound.ts';
import { openWav } from './wav-file.ts';
import { openWebm } from './webm-file.ts';

/**
 * Decodes a file as a whole, with the page's help.
 * @param failure the error if the browser can't decode it
 */
export type DecodeWhole = (failure: () => AudioFileError) => Promise<Sound>;

/** The identifier with which WebM and Matroska files begin (RFC 8794 section 11.2.1). */
const EBML = '\x1a\x45\xdf\xa3';
/** Bytes that tell what kind of file it is. */
const START_BYTES = 16;

/**
 * Opens an audio file by its content, whatever its name. WAV, FLAC, MP3, AAC, and Opus and Vorbis in Ogg and WebM are read in parts, in
 * bounded memory. Whatever else the browser can play is decoded as a whole.
 * @throws {AudioFileError} `import_empty`, `import_not_audio`, `import_damaged`, `import_unsupported`, `import_unreadable`,
 *   `import_too_large`
 */
export async function openSound(source: ByteSource, decodeWhole: DecodeWhole): Promise<Sound> {
  if (source.size === 0) throw noSound();
  const start = await skipTags(source);
  const bytes = await new ByteReader(source, start).peek(START_BYTES);
  const [four, kind] = [ascii(bytes, 0, 4), ascii(bytes, 8, 4)];
  if ((four === 'RIFF' || four === 'RF64') && kind === 'WAVE') return openAnyWav(source, decodeWhole);
  const packets = await openPackets(source, start, four, ascii(bytes, 4, 4));
  if (packets !== null && (await canDecode(packets.config))) return soundOf(packets, source);
  if (looksLikeText(bytes)) throw notAudio();
  return decodeWhole(packets === null ? notAudio : unsupported);
}

/** A WAV with compressed samples may be one that the browser can decode. */
async function openAnyWav(source: ByteSource, decodeWhole: DecodeWhole): Promise<Sound> {
  try {
    return await openWav(source);
  } catch (error) {
    if (!(error instanceof AudioFileError) || error.code !== 'import_unsupported') throw error;
    return decodeWhole(unsupported);
  }
}

type Opened = PacketSound & { reader: Pick<ByteReader, 'position'> };

async function openPackets(source: ByteSource, start: number, four: string, next: string): Promise<Opened | null> {
  if (four === 'fLaC') return openFlac(source, start);
  if (four === 'OggS') return openOgg(source);
  if (four === EBML) return openWebm(source);
  if (next === 'ftyp') return openMp4(source);
  return (await openAdts(source, start)) ?? openMp3(source, start);
}

function soundOf(packets: Opened, source: ByteSource): Sound {
  const length = packets.length();
  return {
    seconds: Number.isFinite(length) ? length / packets.config.sampleRate : null,
    blocks: () => decodePackets(packets),
    progress: () => Math.min(1, packets.reader.position / source.size),
  };
}

/** Position behind the ID3v2 tags at the start of a file (id3.org, ID3v2.4 section 3.1). */
async function skipTags(source: ByteSource): Promise<number> {
  let at = 0;
  for (let tags = 0; tags < 10; tags++) {
    const head = await new ByteReader(source, at).peek(10);
    if (head.length < 10 || ascii(head, 0, 3) !== 'ID3') break;
    const [a, b, c, d] = head.subarray(6, 10) as unknown as [number, number, number, number];
    const footer = (viewOf(head).getUint8(5) & 0x10) !== 0 ? 10 : 0;
    at += 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127) + footer;
  }
  return Math.min(at, source.size);
}

/** No kind of audio file begins with text alone; asking the browser's decoder about one takes as long as reading it. */
function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));
}
