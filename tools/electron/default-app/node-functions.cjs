// The functions of Node 20 that Earshot's main process uses and that the Node 18 of Electron 25 lacks.
const crypto = require('node:crypto');

crypto.hash ??= (algorithm, data, encoding = 'hex') =>
  crypto
    .createHash(algorithm)
    .update(data)
    .digest(encoding === 'buffer' ? undefined : encoding);

URL.canParse ??= (url, base) => {
  try {
    return Boolean(new URL(url, base));
  } catch {
    return false;
  }
};

Promise.withResolvers ??= function withResolvers() {
  let resolve;
  let reject;
  const promise = new this((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
};
