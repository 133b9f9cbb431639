package usersapi.billing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.FormEncoder;
import com.stripe.net.RawRequestOptions;
import com.stripe.net.StripeResponse;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import usersapi.json.JsonObject;

/**
 * Requests to Stripe with one key. Stripe's library authenticates, sends and repeats them, and judges the status of their
 * answers. Parameters have the names of Stripe's documentation, and answers are JSON: the library's classes of parameters
 * and objects would cost a third of a cold start, because it loads a class with all classes that it could refer to.
 *
 * <p>An answer without a required member is a {@link RuntimeException}.
 *
 * @see <a href="https://github.com/stripe/stripe-java#custom-requests">Custom requests</a>
 */
final class StripeRequests {

    private final StripeClient client;

    /**
     * An answer to a {@link #create}.
     *
     * @param isReplayed whether the object was made by an earlier request with the same key, and is shown as it was then
     */
    record Created(JsonObject object, boolean isReplayed) {}

    /** Sends requests by this client of Stripe's library. */
    StripeRequests(StripeClient client) {
        this.client = client;
    }

    /** The address of an object of a collection. */
    static String path(String collection, String id) {
        return collection + "/" + URLEncoder.encode(id, UTF_8);
    }

    /** Reads an object. */
    JsonObject get(String path, Map<String, Object> params) throws StripeException {
        var query = params.isEmpty() ? "" : "?" + encoded(params);
        return json(client.rawRequest(RequestMethod.GET, path + query, null));
    }

    /** Reads all objects of a list, page by page. */
    List<JsonObject> list(String path, Map<String, Object> params) throws StripeException {
        var found = new ArrayList<JsonObject>();
        var next = new HashMap<>(params);
        while (true) {
            var page = get(path, next);
            var objects = page.objects("data").orElseThrow();
            found.addAll(objects);
            if (!(page.get("has_more") instanceof Boolean hasMore)) {
                throw new IllegalStateException("a page that does not say whether it is the last one");
            }
            if (!hasMore) {
                return found;
            }
            next.put("starting_after", objects.getLast().string("id").orElseThrow());
        }
    }

    /** Posts to an address that makes or changes an object. */
    JsonObject post(String path, Map<String, Object> params) throws StripeException {
        return json(client.rawRequest(RequestMethod.POST, path, encoded(params)));
    }

    /** Makes an object, at most one for an idempotency key. */
    Created create(String path, Map<String, Object> params, String idempotencyKey) throws StripeException {
        var response = client.rawRequest(RequestMethod.POST, path, encoded(params),
                RawRequestOptions.builder().setIdempotencyKey(idempotencyKey).build());
        return new Created(json(response), response.headers().firstValue("Idempotent-Replayed").isPresent());
    }

    /** Deletes an object. */
    void delete(String path) throws StripeException {
        client.rawRequest(RequestMethod.DELETE, path, null);
    }

    /** In one order, so that the same request has the same bytes; the map of a parameter's members has any. */
    private static String encoded(Map<String, Object> params) {
        return Stream.of(FormEncoder.createQueryString(params).split("&")).sorted().collect(Collectors.joining("&"));
    }

    private static JsonObject json(StripeResponse response) {
        return switch (JsonObject.parse(response.body())) {
            case JsonObject.Parsed.Valid(var object) -> object;
            // The reason may quote the answer.
            case JsonObject.Parsed.Invalid invalid -> throw new IllegalStateException("not a JSON object");
        };
    }
}
