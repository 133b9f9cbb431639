package usersapi.lambda;

import java.util.Optional;
import usersapi.json.JsonObject;
import usersapi.config.Environment;

/**
 * A function behind a route that the authorizer does not guard, for another system's calls. Nothing reaches
 * {@link #receive} but a body that this system has signed, and nothing is read of a body before.
 */
public abstract non-sealed class Webhook extends HttpFunction {

    /** Far more than any event has, and little enough to compute a signature over for a stranger: 1 MiB. */
    private static final int MAX_BODY_CHARACTERS = 1_048_576;

    /** Creates a webhook, configured by this environment. */
    protected Webhook(Environment environment) {
        super(environment);
    }

    /**
     * Checks the sender's signature over the body.
     *
     * @param body the bytes that were sent
     * @return the answer to a request whose sender is not proved; empty if it is
     */
    protected abstract Optional<ApiResponse> refuse(ApiRequest request, byte[] body);

    /** Takes what the sender has signed; an exception becomes a 500. */
    protected abstract ApiResponse receive(JsonObject event);

    @Override
    final ApiResponse respond(ApiRequest request) {
        if (request.isBodyLongerThan(MAX_BODY_CHARACTERS)) {
            return ApiResponse.contentTooLarge();
        }
        return refuse(request, request.body()).orElseGet(() -> switch (request.signedJson()) {
            case JsonObject.Parsed.Invalid(var reason) -> ApiResponse.badRequest(reason);
            case JsonObject.Parsed.Valid(var event) -> receive(event);
        });
    }
}
