#include <curl/curl.h>
#include <stdio.h>

#define ACCESS_TOKEN "YOUR_PERSONAL_ACCESS_TOKEN"
#define ORG_ID "YOUR_ORGANIZATION_ID"
#define API_URL "https://pawl.example.com/api/organizations/" ORG_ID "/me/tasks"

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *curl = curl_easy_init();
    if (!curl)
        return 1;

    struct curl_slist *headers = NULL;
    headers = curl_slist_append(headers, "Authorization: Bearer " ACCESS_TOKEN);
    headers = curl_slist_append(headers, "Accept: application/json");
    headers = curl_slist_append(headers, "X-Tallyfy-Client: APIClient");

    curl_easy_setopt(curl, CURLOPT_URL, API_URL);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, stdout);

    CURLcode result = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);

    if (result != CURLE_OK)
        fprintf(stderr, "Error: %s\n", curl_easy_strerror(result));
    else if (status != 200)
        fprintf(stderr, "\nHTTP error! status: %ld\n", status);

    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return result == CURLE_OK && status == 200 ? 0 : 1;
}
