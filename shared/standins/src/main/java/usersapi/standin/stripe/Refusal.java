package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request that Stripe refuses.
 *
 * @see <a href="https://docs.stripe.com/api/errors">Errors</a>
 */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String INVALID_REQUEST = "invalid_request_error";

    private final int status;
    private final String type;
    private final String code;
    private final String parameter;
    private final boolean executed;

    private Refusal(int status, String type, String code, String parameter, String message, boolean executed) {
        super(message);
        this.status = status;
        this.type = type;
        this.code = code;
        this.parameter = parameter;
        this.executed = executed;
    }

    /** Refused before the endpoint began to work: the parameters are not of the endpoint's form. */
    static Refusal malformed(String code, String parameter, String message) {
        return new Refusal(400, INVALID_REQUEST, code, parameter, message, false);
    }

    /** A parameter that the endpoint does not have. */
    static Refusal unknown(String parameter) {
        return malformed("parameter_unknown", parameter, "Received unknown parameter: " + parameter);
    }

    /** A parameter that the endpoint needs. */
    static Refusal missing(String parameter) {
        return malformed("parameter_missing", parameter, "Missing required param: %s.".formatted(parameter));
    }

    /** Refused by the endpoint because of the account's state. */
    static Refusal refused(String code, String parameter, String message) {
        return new Refusal(400, INVALID_REQUEST, code, parameter, message, true);
    }

    /** There is no object of that id, which a parameter named. */
    static Refusal noSuch(Kind kind, String id, String parameter) {
        return refused("resource_missing", parameter, "No such %s: '%s'".formatted(kind.type(), id));
    }

    /** There is no object of that id, which the path named: 404. */
    static Refusal notFound(Kind kind, String id) {
        return new Refusal(404, INVALID_REQUEST, "resource_missing", "id",
                "No such %s: '%s'".formatted(kind.type(), id), true);
    }

    /** A refusal of the HTTP request itself, before any endpoint. */
    static Refusal ofRequest(int status, String code, String message) {
        return new Refusal(status, INVALID_REQUEST, code, null, message, false);
    }

    /** An idempotency key that an earlier request used. */
    static Refusal otherRequestOfKey() {
        return new Refusal(400, "idempotency_error", null, null,
                "Keys for idempotent requests can only be used with the same parameters they were first used with.",
                false);
    }

    int status() {
        return status;
    }

    /** Whether the endpoint had begun: only then is the refusal saved under the request's idempotency key. */
    boolean isExecuted() {
        return executed;
    }

    ObjectNode body() {
        var error = JSON.createObjectNode().put("type", type).put("message", getMessage());
        if (code != null) {
            error.put("code", code);
            error.put("doc_url", "https://docs.stripe.com/error-codes/" + code.replace('_', '-'));
        }
        if (parameter != null) {
            error.put("param", parameter);
        }
        return JSON.createObjectNode().set("error", error);
    }
}
