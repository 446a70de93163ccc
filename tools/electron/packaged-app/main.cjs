// The entry of a package over an older Electron, made for tests: what its Node lacks, then the app as it is released.
require('../default-app/node-functions.cjs');

const { join } = require('node:path');
const { app } = require('electron');

require(join(app.getAppPath(), 'dist/main/index.cjs'));
