import json
import urllib.request

access_token = "YOUR_PERSONAL_ACCESS_TOKEN"
org_id = "YOUR_ORGANIZATION_ID"
api_url = f"https://pawl.example.com/api/organizations/{org_id}/me/tasks"

request = urllib.request.Request(
    api_url,
    headers={
        "Authorization": f"Bearer {access_token}",
        "Accept": "application/json",
        "X-Tallyfy-Client": "APIClient",
    },
)

# An answer other than 2xx raises urllib.error.HTTPError.
with urllib.request.urlopen(request) as response:
    print(json.dumps(json.load(response), indent=2))
