curl -sS --fail-with-body 'https://pawl.example.com/api/organizations/YOUR_ORGANIZATION_ID/me/tasks' \
  -H 'Authorization: Bearer YOUR_PERSONAL_ACCESS_TOKEN' \
  -H 'Accept: application/json' \
  -H 'X-Tallyfy-Client: APIClient'
