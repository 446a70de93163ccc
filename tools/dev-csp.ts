/** What Vite's development server needs beyond the page's own policy, by directive. */
const NEEDS: Record<string, string> = {
  // React's refresh preamble is an inline script.
  'script-src': "'unsafe-inline'",
  // Imported stylesheets become <style> elements.
  'style-src': "'unsafe-inline'",
  // While the server restarts, a worker made from a blob asks whether it is back.
  'worker-src': 'blob:',
};

/** Loosens the page's content security policy by what Vite needs. For development only: never in what is built. */
export function relaxForVite(csp: string): string {
  return csp
    .split('; ')
    .map((directive) => {
      const need = NEEDS[directive.split(' ', 1)[0] ?? ''];
      return need === undefined ? directive : `${directive} ${need}`;
    })
    .join('; ');
}
