package usersapi.standin.stripe;

/** Faulty answers to a request. */
public enum Fault {
    /** 429 and Retry-After, before the endpoint begins. */
    RATE_LIMITED(429,
            "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"rate_limit\",\"message\":\"Slow down\"}}",
            false),
    /** 500, Stripe's own, after the endpoint has begun: saved under the request's idempotency key. */
    ERROR(500, "{\"error\":{\"type\":\"api_error\",\"message\":\"Sorry\"}}", true),
    /** 400, a refusal although the object exists; saved. */
    REFUSED(400, "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Not with this account\"}}", true),
    /** 402, a card declined; saved. */
    DECLINED(402,
            "{\"error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"generic_decline\","
                    + "\"message\":\"Declined\"}}",
            true),
    /** 200 with the page of a proxy. */
    PAGE(200, "<html><body>Welcome to the hotel's network</body></html>", false),
    /** 200 with an empty JSON object. */
    EMPTY_OBJECT(200, "{}", false),
    /** 200 with JSON that is not an object. */
    NULL(200, "null", false),
    /** 503 without a body, from a server in front of Stripe. */
    NO_BODY(503, "", false),
    /** Half of the announced body, then the end of the connection. */
    HALF(200, "{\"id\":\"cs_test_half\",\"object\":\"checkout.session\",\"url\":\"https://", false),
    /** No byte, until the server closes. */
    SILENT(0, "", false),
    /** The request succeeds and is saved, but its answer is lost. */
    LOST(0, "", false);

    private final int status;
    private final String body;
    private final boolean saved;

    Fault(int status, String body, boolean saved) {
        this.status = status;
        this.body = body;
        this.saved = saved;
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }

    /** Whether the endpoint made it, so that the same idempotency key gives it again. */
    boolean isSaved() {
        return saved;
    }
}
