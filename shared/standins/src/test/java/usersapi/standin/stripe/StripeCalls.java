package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import usersapi.standin.MovingClock;

/** A stand-in of Stripe for each test, and requests to it over HTTP. */
final class StripeCalls implements BeforeEachCallback, AfterEachCallback {

    static final String KEY = "sk_test_1";
    static final String VERSION = "2026-07-29.dahlia";

    private static final JsonMapper JSON = new JsonMapper();

    private MovingClock clock;
    private LocalStripe stripe;
    private HttpClient client;

    /** An answer. */
    record Reply(int status, JsonNode body, HttpResponse<String> http) {

        String text(String member) {
            return body.path(member).asText();
        }

        JsonNode error() {
            return body.path("error");
        }
    }

    @Override
    public void beforeEach(ExtensionContext extension) {
        clock = new MovingClock();
        stripe = LocalStripe.of(KEY, Set.of("price_pro", "price_team")).clock(clock).start();
        client = HttpClient.newHttpClient();
    }

    @Override
    public void afterEach(ExtensionContext extension) {
        client.close();
        stripe.close();
    }

    MovingClock clock() {
        return clock;
    }

    LocalStripe stripe() {
        return stripe;
    }

    StripeAccount account() {
        return stripe.account();
    }

    Reply post(String path, Map<String, String> parameters, String... headers) {
        return send(request(path).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(parameters))), headers);
    }

    Reply get(String path) {
        return get(path, Map.of());
    }

    Reply get(String path, Map<String, String> parameters) {
        return send(request(parameters.isEmpty() ? path : path + "?" + form(parameters)));
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    /** The same with another version of the API. */
    Reply get(String path, String version) {
        return send(request(path), "Stripe-Version", version);
    }

    String customer() {
        return post("/v1/customers", Map.of()).text("id");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(stripe.endpoint() + path)).header("Authorization", "Bearer " + KEY)
                .header("Stripe-Version", VERSION);
    }

    Reply send(HttpRequest.Builder request, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), JSON.readTree(response.body()), response);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static JsonNode object(StripeAccount.Event event) {
        try {
            return JSON.readTree(event.json()).path("data").path("object");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
