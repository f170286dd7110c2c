using System;
using System.Net.Http;
using System.Net.Http.Headers;

var accessToken = "YOUR_PERSONAL_ACCESS_TOKEN";
var orgId = "YOUR_ORGANIZATION_ID";
var apiUrl = $"https://pawl.example.com/api/organizations/{orgId}/me/tasks";

using var client = new HttpClient();
client.DefaultRequestHeaders.Authorization =
    new AuthenticationHeaderValue("Bearer", accessToken);
client.DefaultRequestHeaders.Accept.Add(
    new MediaTypeWithQualityHeaderValue("application/json"));
client.DefaultRequestHeaders.Add("X-Tallyfy-Client", "APIClient");

// Throws for an answer other than 2xx.
var response = await client.GetAsync(apiUrl);
response.EnsureSuccessStatusCode();
Console.WriteLine(await response.Content.ReadAsStringAsync());
