// The parts of Electron's default app that a test runtime needs. Runs the app in the folder that the command line names:
// `electron [-r module]... [switches] <folder> [arguments of the app]`.
require('./node-functions.cjs');

const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join, resolve } = require('node:path');
const { app } = require('electron');

const args = process.argv.slice(1);
const preloaded = [];
for (let at = args.indexOf('-r'); at >= 0; at = args.indexOf('-r')) preloaded.push(args.splice(at, 2)[1]);
for (const path of preloaded) require(resolve(path));

const folder = resolve(args.find((arg) => !arg.startsWith('-')) ?? '.');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
if (manifest.version) app.setVersion(manifest.version);
app.name = manifest.productName ?? manifest.name;
if (process.platform === 'linux') app.setDesktopName(manifest.desktopName ?? `${app.name}.desktop`);
app.setAppPath(folder);
Module._load(join(folder, manifest.main), null, true);
