package usersapi.standin.stripe;

/** How a request is answered instead of as it should be. */
public enum Fault {
    /** 429 and Retry-After, before the endpoint begins. */
    RATE_LIMITED(429,
            "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"rate_limit\",\"message\":\"Slow down\"}}",
            false),
    /** 500, Stripe's own, after the endpoint has begun: saved under the request's idempotency key. */
    ERROR(500, "{\"error\":{\"type\":\"api_error\",\"message\":\"Sorry\"}}", true),
    /** 400, for what Stripe thinks of the request, though there is such an object; saved. */
    REFUSED(400, "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Not with this account\"}}", true),
    /** 402, a card declined; saved. */
    DECLINED(402,
            "{\"error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"generic_decline\","
                    + "\"message\":\"Declined\"}}",
            true),
    /** 200 with a page of some proxy. */
    PAGE(200, "<html><body>Welcome to the hotel's network</body></html>", false),
    /** 200 with JSON that says nothing. */
    EMPTY_OBJECT(200, "{}", false),
    /** 200 with JSON that is no object. */
    NULL(200, "null", false),
    /** 503 without a body, of a peer before Stripe's endpoints. */
    NO_BODY(503, "", false),
    /** Half of what was announced, then the end of the connection. */
    HALF(200, "{\"id\":\"cs_test_half\",\"object\":\"checkout.session\",\"url\":\"https://", false),
    /** No byte, until the server closes. */
    SILENT(0, "", false),
    /** Done as asked and saved, and the answer is lost on its way. */
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

    /** Whether it comes of the endpoint's work, and so again under the same idempotency key. */
    boolean isSaved() {
        return saved;
    }
}
