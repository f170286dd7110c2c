#include <curl/curl.h>
#include <iostream>
#include <string>

static size_t append(char *data, size_t size, size_t count, void *body)
{
    static_cast<std::string *>(body)->append(data, size * count);
    return size * count;
}

int main()
{
    const std::string accessToken = "YOUR_PERSONAL_ACCESS_TOKEN";
    const std::string orgId = "YOUR_ORGANIZATION_ID";
    const std::string apiUrl =
        "https://pawl.example.com/api/organizations/" + orgId + "/me/tasks";

    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *curl = curl_easy_init();

    curl_slist *headers = nullptr;
    headers = curl_slist_append(headers, ("Authorization: Bearer " + accessToken).c_str());
    headers = curl_slist_append(headers, "Accept: application/json");
    headers = curl_slist_append(headers, "X-Tallyfy-Client: APIClient");

    std::string body;
    curl_easy_setopt(curl, CURLOPT_URL, apiUrl.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);

    const CURLcode result = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);

    if (result != CURLE_OK)
        std::cerr << "Error: " << curl_easy_strerror(result) << '\n';
    else if (status != 200)
        std::cerr << "HTTP error! status: " << status << '\n' << body << '\n';
    else
        std::cout << body << '\n';

    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return result == CURLE_OK && status == 200 ? 0 : 1;
}
