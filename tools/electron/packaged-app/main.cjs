// The entry point of test packages with an older Electron: adds the functions that its Node lacks, then runs the app.
require('../default-app/node-functions.cjs');

const { join } = require('node:path');
const { app } = require('electron');

require(join(app.getAppPath(), 'dist/main/index.cjs'));
