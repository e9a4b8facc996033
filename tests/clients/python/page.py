"""The client that the helpdesk's page describes.

It waits for as long as Retry-After says on a 429, backs off with jitter on a 500 and a 503, and takes
any other answer for the answer.
"""

import random
import sys
import time

import requests

RETRIES = 3


def pause(response, retry):
    """How many seconds to wait before asking again, or None where the answer is final."""
    if response.status_code == 429:
        return int(response.headers.get("Retry-After", 5))
    if response.status_code in (500, 503):
        return 2**retry + random.random()
    return None


def get(url, key):
    for retry in range(RETRIES + 1):
        response = requests.get(url, headers={"Authorization": f"Bearer {key}"})
        seconds = pause(response, retry)
        if seconds is None or retry == RETRIES:
            return response
        time.sleep(seconds)


print(get(*sys.argv[1:]).status_code)
