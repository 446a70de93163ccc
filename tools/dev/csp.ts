/**
 * Adds what Vite's development server needs to the page's content security policy. For development only; no build
 * contains it.
 * @param port port of Vite's socket for updates, on 127.0.0.1
 */
export function relaxForVite(csp: string, port: number): string {
  const needs: Record<string, string> = {
    // React's refresh code is an inline script.
    'script-src': "'unsafe-inline'",
    // Imported stylesheets become <style> elements.
    'style-src': "'unsafe-inline'",
    // While the server restarts, a worker made from a blob polls it.
    'worker-src': 'blob:',
    'connect-src': `ws://127.0.0.1:${port}`,
  };
  return csp
    .split('; ')
    .map((directive) => {
      const need = needs[directive.split(' ', 1)[0] ?? ''];
      return need === undefined ? directive : `${directive} ${need}`;
    })
    .join('; ');
}
