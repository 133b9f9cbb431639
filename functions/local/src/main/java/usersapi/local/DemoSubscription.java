package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** A demo user's subscription, bought as by the page: by a checkout that Stripe's stand-in completes. */
final class DemoSubscription {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client;
    private final URI api;
    private final String cookie;
    private final String csrfToken;

    private DemoSubscription(HttpClient client, LocalGateway gateway, DemoUser user) {
        this.client = client;
        api = gateway.uri();
        cookie = "%s=%s".formatted(gateway.template().environment().get("SESSION_COOKIE"), user.sessionId());
        csrfToken = user.csrfToken();
    }

    /**
     * Buys one for this user, if there is none.
     *
     * @throws IllegalStateException if the API or the stand-in refuses
     */
    static void buy(LocalGateway gateway, DemoUser user) {
        try (var client = HttpClient.newHttpClient()) {
            new DemoSubscription(client, gateway, user).buy();
        }
    }

    private void buy() {
        if (send("GET", "/api/users/stripe/subscription/", "").path("plan").asText().equals(Billing.PLAN)) {
            return;
        }
        var checkout = send("POST", "/api/users/stripe/checkout/",
                JSON.createObjectNode().put("plan", Billing.PLAN).toString());
        send("POST", Billing.PREFIX + "complete",
                JSON.createObjectNode().set("session_id", checkout.get("session_id")).toString());
    }

    private JsonNode send(String method, String path, String body) {
        var request = HttpRequest.newBuilder(api.resolve(path)).header("Cookie", cookie)
                .header("X-CSRFToken", csrfToken)
                .method(method, BodyPublishers.ofString(body)).build();
        try {
            var response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "the demo subscription could not be bought: %s %s answered %d".formatted(method, path,
                                response.statusCode()));
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
