/** The browser reads the URL after the click, and may ask the user where to save first. */
const REVOKE_AFTER_MS = 60_000;

/** Offers a file in memory as a download. @returns its URL */
export function saveFile(blob: Blob, name: string): string {
  const url = URL.createObjectURL(blob);
  saveFrom(url, name);
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
  return url;
}

/** Offers a same-origin URL as a download, which the browser streams to disk. @returns it, absolute */
export function saveFrom(url: string, name: string): string {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  return link.href;
}
