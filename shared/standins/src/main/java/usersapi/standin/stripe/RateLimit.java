package usersapi.standin.stripe;

import java.time.Clock;

/**
 * How many requests a second the account may make.
 *
 * @see <a href="https://docs.stripe.com/rate-limits">Rate limits</a>
 */
final class RateLimit {

    private final Clock clock;
    private int perSecond = Integer.MAX_VALUE;
    private long second;
    private int requests;

    RateLimit(Clock clock) {
        this.clock = clock;
    }

    synchronized void set(int requestsPerSecond) {
        perSecond = requestsPerSecond;
    }

    /** Counts a request. */
    synchronized void take() throws Refusal {
        var now = clock.instant().getEpochSecond();
        if (now != second) {
            second = now;
            requests = 0;
        }
        if (++requests > perSecond) {
            throw Refusal.ofRequest(429, "rate_limit",
                    "Request rate limit exceeded. Learn more at https://docs.stripe.com/rate-limits.");
        }
    }
}
