// The smallest Electron app: one window with one button. With BARE_CAPTURE=1 it serves the page that captures and
// sends, from this process, as Earshot does; with BARE_CAPTURE=start the page starts at once.
const { app, BrowserWindow } = require('electron');

const capture = process.env.BARE_CAPTURE;

app.whenReady().then(async () => {
  const window = new BrowserWindow({ width: 960, height: 720, show: false, webPreferences: { sandbox: true } });
  window.once('ready-to-show', () => {
    window.show();
    process.stdout.write('EARSHOT_READY\n');
  });
  if (!capture) return window.loadURL('data:text/html,<title>Bare</title><button>Talk</button>');
  const { url } = await require('./server.cjs').startBareServer();
  return window.loadURL(capture === 'start' ? `${url}?start` : url);
});
app.on('window-all-closed', () => app.quit());
