package usersapi.billing;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import java.util.Arrays;
import usersapi.json.JsonObject;

/**
 * The failure of a call of Stripe's API, for the log. It has no message, because a message may quote a key, an address or a
 * card.
 *
 * @param reason the exception's type, or another reason
 * @param httpStatus the answer's status; null if there was none
 * @param code Stripe's error code; null if it gave none
 * @param requestId Stripe's id of the request, by which its dashboard and support find it; null if it did not answer
 * @see <a href="https://docs.stripe.com/error-codes">Error codes</a>
 */
record StripeFailure(String reason, Integer httpStatus, String code, String requestId) {

    static StripeFailure of(StripeException e) {
        return new StripeFailure(e.getClass().getSimpleName(), e.getStatusCode(), e.getCode(), e.getRequestId());
    }

    /** An answer that the library or this code cannot parse; the place tells which part. */
    static StripeFailure nonsense(RuntimeException e) {
        // The first frames may be the JDK's.
        var place = Arrays.stream(e.getStackTrace()).filter(frame -> frame.getClassName().startsWith("usersapi."))
                .findFirst().map(frame -> " at " + frame).orElse("");
        return new StripeFailure("unintelligible answer: " + e.getClass().getSimpleName() + place, null, null, null);
    }

    static StripeFailure tookTooLong() {
        return new StripeFailure("no answer in time", null, null, null);
    }

    /** The user changed in each attempt before Stripe's answer could be written. */
    static StripeFailure overtaken() {
        return new StripeFailure("the user changed in each attempt", null, null, null);
    }

    static StripeFailure noKey() {
        return new StripeFailure("the secret that STRIPE_SECRET names holds no \"api_key\": put Stripe's there", null,
                null,
                null);
    }

    /**
     * Stripe refused to open the portal although nothing in the request was wrong: its settings were never saved. Stripe has no
     * code for this.
     *
     * @see <a href="https://docs.stripe.com/customer-management/integrate-customer-portal">Configure the portal</a>
     */
    static StripeFailure portalNotSetUp(StripeException e) {
        return new StripeFailure("the billing portal has no settings: save them in Stripe's dashboard",
                e.getStatusCode(),
                e.getCode(), e.getRequestId());
    }

    /** Whether Stripe refused a request for a reason that is in none of its parameters, and for which it has no code. */
    static boolean isAboutSettings(InvalidRequestException e) {
        return e.getStatusCode() == 400 && e.getCode() == null && e.getParam() == null;
    }

    /** Whether Stripe has no object with the requested id. */
    boolean isMissing() {
        return "resource_missing".equals(code);
    }

    /** The members of the request's log line. */
    JsonObject toLog() {
        return new JsonObject().put("stripe_failure", reason).put("stripe_status", httpStatus)
                .put("stripe_code", code).put("stripe_request_id", requestId);
    }
}
