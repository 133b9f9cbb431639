package usersapi.lambda;

import java.util.Optional;
import usersapi.json.JsonObject;
import usersapi.config.Environment;

/**
 * A function behind a route for another system's calls, which the authorizer does not guard. Only a body that the system has
 * signed reaches {@link #receive}, and no body is parsed before the signature is checked.
 */
public abstract non-sealed class Webhook extends HttpFunction {

    /** Far longer than any event, and short enough to compute a stranger's signature over: 1 MiB. */
    private static final int MAX_BODY_CHARACTERS = 1_048_576;

    /** Creates a webhook, configured by this environment. */
    protected Webhook(Environment environment) {
        super(environment);
    }

    /**
     * Checks the sender's signature over the body.
     *
     * @param body the bytes that were sent
     * @return the answer to a request without a valid signature; empty if the signature is valid
     */
    protected abstract Optional<ApiResponse> refuse(ApiRequest request, byte[] body);

    /** Handles a signed event; an exception becomes a 500. */
    protected abstract ApiResponse receive(JsonObject event);

    @Override
    final ApiResponse respond(ApiRequest request) {
        if (request.isBodyLongerThan(MAX_BODY_CHARACTERS)) {
            return ApiResponse.contentTooLarge();
        }
        byte[] body;
        try {
            body = request.body();
        } catch (IllegalArgumentException e) {
            return ApiResponse.badRequest(ApiRequest.NOT_BASE64);
        }
        return answer(request, body);
    }

    private ApiResponse answer(ApiRequest request, byte[] body) {
        return refuse(request, body).orElseGet(() -> switch (ApiRequest.signedJson(body)) {
            case JsonObject.Parsed.Invalid(var reason) -> ApiResponse.badRequest(reason);
            case JsonObject.Parsed.Valid(var event) -> receive(event);
        });
    }
}
