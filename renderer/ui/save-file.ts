/** A download reads its URL after the click; a minute is enough even where the browser asks for a place first. */
const REVOKE_AFTER_MS = 60_000;

/** Offers a file to the person as a download. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}
