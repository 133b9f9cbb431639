package usersapi.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Answers that the running API does not give on demand: malformed or slow ones, and states that only Stripe causes. A script
 * that runs before the page's own replaces {@code fetch} by one that gives them.
 */
final class PretendedApi {

    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode answers = JSON.createObjectNode();

    private PretendedApi() {}

    /** No answers of its own: all requests go to the running API. */
    static PretendedApi none() {
        return new PretendedApi();
    }

    /** A user who is signed in, on the free plan, with two sessions and two named tokens. */
    static PretendedApi ofAlice() {
        return none()
                .answer("GET /api/users/me/",
                        """
                                {"external_id": "alice-1", "email": "alice@example.com", "is_authenticated": true, "access_token": null}""")
                .answer("GET /api/users/me/token/",
                        "{\"access_token\": \"NhqPaZgfmRLxcBvYSNhqPaZgfmRLxcBvYSNhqPa1234\"}")
                .answer("GET /api/users/storage/", "{\"total_bytes\": 1200000000, \"file_count\": 12}")
                .answer("GET /api/users/settings/", "{\"tz\": \"Europe/Zurich\", \"locale\": null}")
                .subscription("free", "null")
                .answer("GET /api/users/sessions/",
                        """
                                {"sessions": [
                                  {"id": "s2", "created": 1795800000, "last_seen": 1795803600, "expires": 4000000000, "current": true},
                                  {"id": "s1", "created": 1795700000, "last_seen": null, "expires": 4000000000, "current": false}]}""")
                .answer("GET /api/users/tokens/",
                        """
                                {"tokens": [
                                  {"id": "t2", "label": "Backup", "created": 1795800000, "last_used": 1795803600, "expires": 4000000000, "read_only": true},
                                  {"id": "t1", "label": "CI", "created": 1795700000, "last_used": null, "expires": null, "read_only": false}]}""");
    }

    /** The subscription: its plan, and its status as JSON. */
    PretendedApi subscription(String plan, String status) {
        return subscription(plan, status, "\"payment_failed\": false");
    }

    /** The subscription, with these further members. */
    PretendedApi subscription(String plan, String status, String members) {
        return answer("GET /api/users/stripe/subscription/", """
                {"current_period_end": null, "cancel_at_period_end": false, "cancel_at": null, "trial_end": null,
                 "plan": "%s", "status": %s, %s}""".formatted(plan, status, members));
    }

    /** Answers a request, as {@code GET /path}, with 200 and this body, valid JSON or not. */
    PretendedApi answer(String request, String body) {
        return answer(request, 200, body);
    }

    /** Answers a request with this status and body. */
    PretendedApi answer(String request, int status, String body) {
        answers.putObject(request).put("status", status).put("body", body);
        return this;
    }

    /** Answers a request with this status, body and header. */
    PretendedApi answer(String request, int status, String body, String header, String value) {
        answers.putObject(request).put("status", status).put("body", body).putObject("headers").put(header, value);
        return this;
    }

    /** Never answers a request. */
    PretendedApi never(String request) {
        answers.put(request, "never");
        return this;
    }

    /** Fails a request as an unreachable server does. */
    PretendedApi unreachable(String request) {
        answers.put(request, "unreachable");
        return this;
    }

    /** The script that makes the page get these answers. */
    String script() {
        try (var script = Objects.requireNonNull(PretendedApi.class.getResourceAsStream("answers.js"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8).replace("ANSWERS", json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** These answers, for a page that is open already. */
    String json() {
        try {
            return JSON.writeValueAsString(answers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
