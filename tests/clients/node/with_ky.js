// ky, as it comes.

import ky from "ky";

const [url, key] = process.argv.slice(2);
console.log((await ky(url, { headers: { authorization: `Bearer ${key}` } })).status);
