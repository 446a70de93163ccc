// The entry of test packages with an older Electron: adds what its Node lacks, then runs the released app.
require('../default-app/node-functions.cjs');

const { join } = require('node:path');
const { app } = require('electron');

require(join(app.getAppPath(), 'dist/main/index.cjs'));
