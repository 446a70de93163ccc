// Loaded into an app before its own code (-r). Prints when its first page has painted something, in ms since the epoch,
// and hides the window on SIGUSR2.
const { app, BrowserWindow } = require('electron');

const FIRST_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list, observer) => {
    const [entry] = list.getEntriesByName('first-contentful-paint');
    if (!entry) return;
    observer.disconnect();
    resolve(performance.timeOrigin + entry.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

app.once('web-contents-created', (_event, contents) => {
  contents.once('did-finish-load', async () => {
    process.stdout.write(`PAINTED ${await contents.executeJavaScript(FIRST_PAINT)}\n`);
  });
});

process.on('SIGUSR2', () => {
  for (const window of BrowserWindow.getAllWindows()) window.hide();
});
