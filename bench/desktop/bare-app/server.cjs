// The smallest server for a page that captures and sends: three files over HTTP, and a socket that receives frames. Run as
// a program, it prints its address.
const { createServer } = require('node:http');
const { readFile } = require('node:fs/promises');
const { extname, join } = require('node:path');
const { WebSocketServer } = require('ws');

const TYPES = { '.html': 'text/html', '.js': 'text/javascript' };

async function startBareServer() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    try {
      const name = /^\/[a-z]+\.(?:html|js)$/.test(pathname) ? pathname : '/index.html';
      const body = await readFile(join(__dirname, 'page', name));
      response.writeHead(200, { 'content-type': TYPES[extname(name)] }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('message', (_data, isBinary) => {
      if (!isBinary) socket.send('listening');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/` };
}

module.exports = { startBareServer };
if (require.main === module) void startBareServer().then(({ url }) => process.stdout.write(`${url}\n`));
