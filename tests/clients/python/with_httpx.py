"""httpx, and the transport of httpx-retries as it comes."""

import sys

import httpx
from httpx_retries import RetryTransport

url, key = sys.argv[1:]
with httpx.Client(transport=RetryTransport()) as client:
    print(client.get(url, headers={"Authorization": f"Bearer {key}"}).status_code)
