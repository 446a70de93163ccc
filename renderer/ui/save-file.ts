/** A download reads its URL after the click; a minute is enough even where the browser asks for a place first. */
const REVOKE_AFTER_MS = 60_000;

/** Offers a file that is in memory to the person as a download. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  saveFrom(url, name);
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}

/** Offers what is at an address of our own origin as a download: it goes to the disk as it arrives. */
export function saveFrom(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
