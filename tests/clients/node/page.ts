// The client that the helpdesk's page describes: it waits for as long as Retry-After says on a 429,
// backs off with jitter on a 500 and a 503, and takes any other answer for the answer.

const RETRIES = 3;

/** How many seconds to wait before asking again, or null where the answer is final. */
function pause(response: Response, retry: number): number | null {
  switch (response.status) {
    case 429:
      return Number.parseInt(response.headers.get("Retry-After") ?? "5", 10);
    case 500:
    case 503:
      return 2 ** retry + Math.random();
    default:
      return null;
  }
}

async function get(url: string, key: string): Promise<Response> {
  for (let retry = 0; ; retry++) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    const seconds = pause(response, retry);
    if (seconds === null || retry === RETRIES) return response;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

const [url = "", key = ""] = process.argv.slice(-2);
console.log((await get(url, key)).status);
