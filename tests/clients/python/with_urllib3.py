"""urllib3, and its Retry as it comes."""

import sys

import urllib3

url, key = sys.argv[1:]
headers = {"Authorization": f"Bearer {key}"}
print(urllib3.request("GET", url, headers=headers, retries=urllib3.util.Retry()).status)
