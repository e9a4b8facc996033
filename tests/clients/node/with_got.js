// got, as it comes.

import got from "got";

const [url, key] = process.argv.slice(2);
console.log((await got(url, { headers: { authorization: `Bearer ${key}` } })).statusCode);
