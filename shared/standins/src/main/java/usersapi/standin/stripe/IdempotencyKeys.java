package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The saved answers by idempotency key. An answer is saved as soon as the endpoint has begun, also an error, and repeated
 * for a day; another request under the key is refused. Not thread-safe: its callers hold the account's lock.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Idempotent requests</a>
 */
final class IdempotencyKeys {

    private static final Duration KEPT_FOR = Duration.ofHours(24);
    private static final int MAX_LENGTH = 255;

    private final StripeObjects objects;
    private final Set<String> executing = new HashSet<>();

    /** An answer as it was sent. */
    record Saved(int status, ObjectNode body) {}

    IdempotencyKeys(StripeObjects objects) {
        this.objects = objects;
    }

    /**
     * Claims the key for the request, or returns the answer that is saved under it.
     *
     * @throws Refusal if another request has the key, now or before
     */
    Optional<Saved> begin(String key, LocalStripe.Request request) throws Refusal {
        if (key.length() > MAX_LENGTH) {
            throw Refusal.ofRequest(400, null, "Idempotency keys have up to 255 characters");
        }
        if (executing.contains(key)) {
            throw Refusal.ofRequest(409, "idempotency_key_in_use",
                    "There is currently another in-progress request using this Idempotent Key (that probably means you "
                            + "submitted twice, and the other request is still going through). Please try again later.");
        }
        if (kept().get(key) instanceof ObjectNode saved
                && saved.path("saved").asLong() + KEPT_FOR.toSeconds() > objects.now()) {
            if (!saved.path("request").equals(described(request))) {
                throw Refusal.otherRequestOfKey();
            }
            return Optional.of(new Saved(saved.path("status").asInt(), (ObjectNode) saved.path("body")));
        }
        executing.add(key);
        return Optional.empty();
    }

    /** Saves the answer. */
    void save(String key, LocalStripe.Request request, int status, ObjectNode body) {
        var saved = kept().putObject(key).put("saved", objects.now()).put("status", status);
        saved.set("request", described(request));
        saved.set("body", body.deepCopy());
    }

    /** Releases the key after the answer. */
    void end(String key) {
        executing.remove(key);
    }

    private ObjectNode kept() {
        return objects.section("idempotency_keys");
    }

    private static ObjectNode described(LocalStripe.Request request) {
        var described = StripeObjects.json().put("path", request.path());
        request.parameters().forEach(described.putObject("parameters")::put);
        return described;
    }
}
