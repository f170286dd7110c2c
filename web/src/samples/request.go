package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
)

func main() {
	accessToken := "YOUR_PERSONAL_ACCESS_TOKEN"
	orgID := "YOUR_ORGANIZATION_ID"
	apiURL := "https://pawl.example.com/api/organizations/" + orgID + "/me/tasks"

	request, err := http.NewRequest(http.MethodGet, apiURL, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+accessToken)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("X-Tallyfy-Client", "APIClient")

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		log.Fatalf("HTTP error! status: %d\n%s", response.StatusCode, body)
	}
	fmt.Println(string(body))
}
