import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class Request {
    public static void main(String[] args) throws Exception {
        String accessToken = "YOUR_PERSONAL_ACCESS_TOKEN";
        String orgId = "YOUR_ORGANIZATION_ID";
        String apiUrl = "https://pawl.example.com/api/organizations/" + orgId + "/me/tasks";

        HttpRequest request = HttpRequest.newBuilder(URI.create(apiUrl))
                .header("Authorization", "Bearer " + accessToken)
                .header("Accept", "application/json")
                .header("X-Tallyfy-Client", "APIClient")
                .GET()
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString());

        if (response.statusCode() != 200) {
            throw new RuntimeException("HTTP error! status: " + response.statusCode());
        }
        System.out.println(response.body());
    }
}
