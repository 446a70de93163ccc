// The smallest Electron app: one window with an empty page.
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 960, height: 720, show: false, webPreferences: { sandbox: true } });
  window.once('ready-to-show', () => {
    window.show();
    process.stdout.write('EARSHOT_READY\n');
  });
  window.loadURL('data:text/html,<title>Bare</title>');
});
app.on('window-all-closed', () => app.quit());
