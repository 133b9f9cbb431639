package usersapi.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalStripeTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> CHECKOUT = Map.of("mode", "subscription", "line_items[0][price]",
            "price_pro", "line_items[0][quantity]", "1", "success_url", "https://a.example/", "cancel_url",
            "https://a.example/", "customer_email", "jane+x@example.com", "client_reference_id", "jane",
            "subscription_data[metadata][external_id]", "jane");

    private final LocalStripe stripe = LocalStripe.start("sk_test_1", Set.of("price_pro"));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        stripe.close();
    }

    @Test
    void opensACheckoutAndGivesItAgain() {
        var created = post("/v1/checkout/sessions", CHECKOUT, "Idempotency-Key", "k");

        assertThat(created.statusCode()).isEqualTo(200);
        assertThat(created.headers().firstValue("Request-Id")).isPresent();
        assertThat(created.headers().firstValue("Stripe-Version")).contains("2026-07-29.dahlia");
        var session = json(created);
        assertThat(session.path("status").asText()).isEqualTo("open");
        assertThat(session.path("customer_email").asText()).isEqualTo("jane+x@example.com");
        assertThat(json(get("/v1/checkout/sessions/" + session.path("id").asText()))).isEqualTo(session);
        assertThat(stripe.requests().getFirst().parameters()).isEqualTo(CHECKOUT);
        assertThat(session.path("url").asText()).endsWith("/c/pay/" + session.path("id").asText());
    }

    @Test
    void theSameKeyGivesTheSameAnswerAndRefusesOtherParameters() {
        var first = post("/v1/checkout/sessions", CHECKOUT, "Idempotency-Key", "k");
        var again = post("/v1/checkout/sessions", CHECKOUT, "Idempotency-Key", "k");
        var other = post("/v1/checkout/sessions", with("client_reference_id", "john"), "Idempotency-Key", "k");

        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(json(other).path("error").path("type").asText()).isEqualTo("idempotency_error");
        assertThat(post("/v1/checkout/sessions", CHECKOUT, "Idempotency-Key", "l").body()).isNotEqualTo(first.body());
        assertThat(post("/v1/checkout/sessions", CHECKOUT, "Idempotency-Key", "x".repeat(256)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatWasRefusedIsNotKeptUnderItsKey() {
        assertThat(post("/v1/checkout/sessions", with("mode", ""), "Idempotency-Key", "k").statusCode())
                .isEqualTo(400);

        assertThat(post("/v1/checkout/sessions", CHECKOUT, "Idempotency-Key", "k").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"mode,'',parameter_missing", "mode,payment,", "line_items[0][price],'',parameter_missing",
            "line_items[0][price],price_x,resource_missing", "line_items[0][quantity],0,parameter_invalid_integer",
            "success_url,'',parameter_missing", "success_url,/here,url_invalid", "cancel_url,nowhere,url_invalid",
            "customer_email,nobody,email_invalid", "customer,cus_1,", "client_reference_id,a b,",
            "redirect,yes,parameter_unknown", "subscription_data[items],x,parameter_unknown",
            "line_items[0][plan],x,parameter_unknown"})
    void refusesWhatStripeRefuses(String name, String value, String code) {
        var response = post("/v1/checkout/sessions", with(name, value));

        assertThat(response.statusCode()).isEqualTo(400);
        var error = json(response).path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").asText()).isEqualTo(name);
        assertThat(error.path("code").textValue()).isEqualTo(code);
    }

    @Test
    void refusesWhoHasNotTheKeyOrNoVersion() {
        assertThat(post("/v1/checkout/sessions", CHECKOUT, "Authorization", "Bearer sk_test_2").statusCode())
                .isEqualTo(401);
        assertThat(post("/v1/checkout/sessions", CHECKOUT, "Stripe-Version", "1").statusCode()).isEqualTo(400);
        assertThat(post("/v1/checkout/sessions", CHECKOUT, "Content-Type", "application/json").statusCode())
                .isEqualTo(400);
        stripe.roll("sk_test_2");
        assertThat(post("/v1/checkout/sessions", CHECKOUT).statusCode()).isEqualTo(401);
    }

    @Test
    void knowsNoOtherRoutesAndNoOtherObjects() {
        assertThat(get("/v1/charges").statusCode()).isEqualTo(404);
        assertThat(post("/v1/subscriptions/sub_1", Map.of()).statusCode()).isEqualTo(404);
        var missing = get("/v1/subscriptions/sub_1");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(json(missing).path("error").path("code").asText()).isEqualTo("resource_missing");
        assertThat(json(post("/v1/billing_portal/sessions",
                Map.of("customer", "cus_1", "return_url", "https://a.example/"))).path("error").path("code").asText())
                .isEqualTo("resource_missing");
    }

    @Test
    void aPaidCheckoutIsASubscriptionOnce() {
        var id = json(post("/v1/checkout/sessions", CHECKOUT)).path("id").asText();

        var events = stripe.account().complete(id).orElseThrow();

        assertThat(events).extracting(StripeAccount.Event::type).containsExactly("checkout.session.completed",
                "customer.subscription.created", "invoice.paid");
        assertThat(stripe.account().complete(id)).isEmpty();
        var session = json(get("/v1/checkout/sessions/" + id));
        assertThat(session.path("status").asText()).isEqualTo("complete");
        var subscription = json(get("/v1/subscriptions/" + session.path("subscription").asText()));
        assertThat(subscription.path("status").asText()).isEqualTo("active");
        assertThat(subscription.path("customer")).isEqualTo(session.path("customer"));
        assertThat(subscription.path("metadata").path("external_id").asText()).isEqualTo("jane");
        assertThat(subscription.path("items").path("data").path(0).path("price").path("id").asText())
                .isEqualTo("price_pro");
        assertThat(json(post("/v1/billing_portal/sessions",
                Map.of("customer", session.path("customer").asText(), "return_url", "https://a.example/"))).path("url")
                .asText()).startsWith(stripe.endpoint().toString());
    }

    @Test
    void sendsEventsInTheVersionOfTheEndpoint() throws IOException {
        var created = stripe.account().subscribe("price_pro", Map.of());
        var id = JSON.readTree(created.json()).path("data").path("object").path("id").asText();
        var now = JSON.readTree(stripe.account().pay(id).getFirst().json()).path("data").path("object");
        stripe.account().eventVersion("2024-06-20");
        var before = JSON.readTree(stripe.account().pay(id).getFirst().json()).path("data").path("object");

        assertThat(now.path("parent").path("subscription_details").path("subscription").asText()).isEqualTo(id);
        assertThat(now.has("subscription")).isFalse();
        assertThat(before.path("subscription").asText()).isEqualTo(id);
        assertThat(before.has("parent")).isFalse();
        var subscription = JSON.readTree(stripe.account().cancel(id).json()).path("data").path("object");
        assertThat(subscription.has("current_period_end")).isTrue();
        assertThat(get("/v1/subscriptions/" + id).body()).doesNotContain("\"current_period_end\":null");
    }

    @Test
    void signsAsStripeDocumentsIt() {
        // Computed by openssl dgst -sha256 -hmac whsec_test over 1767225600.{}
        assertThat(new StripeAccount.Event("evt_1", "x", "{}").signature("whsec_test",
                Instant.ofEpochSecond(1_767_225_600)))
                .isEqualTo("t=1767225600,v1=4a942ef9477fb7b15b98664cf7ff2c2543984c1fa6bdf3520b48dcb25bcd1fe4");
    }

    private static Map<String, String> with(String name, String value) {
        var parameters = new TreeMap<>(CHECKOUT);
        parameters.put(name, value);
        return parameters;
    }

    private HttpResponse<String> post(String path, Map<String, String> parameters, String... headers) {
        var form = parameters.entrySet().stream().map(parameter -> encode(parameter.getKey()) + "="
                + encode(parameter.getValue())).collect(Collectors.joining("&"));
        return send(request(path).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)), headers);
    }

    private HttpResponse<String> get(String path) {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(stripe.endpoint() + path)).header("Authorization", "Bearer sk_test_1")
                .header("Stripe-Version", "2026-07-29.dahlia");
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
