package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import usersapi.json.JsonObject;
import usersapi.config.Environment;

/**
 * A function behind a route of the API: it turns an event into an answer, and an exception into a 500. There are three
 * kinds. {@link Endpoint} and {@link Webhook} check each request first; {@link Navigation} is for requests without a
 * credential.
 */
abstract sealed class HttpFunction extends JsonFunction permits Endpoint, Webhook, Navigation {

    private final FrontendOrigins origins;

    HttpFunction(Environment environment) {
        super(environment);
        origins = new FrontendOrigins(environment);
    }

    /** The origins whose pages may use a session here. */
    final FrontendOrigins origins() {
        return origins;
    }

    /** Answers a request from anybody; an exception becomes a 500. */
    abstract ApiResponse respond(ApiRequest request);

    @Override
    protected final FunctionResult invoke(JsonObject event, Context context) {
        var request = new ApiRequest(event);
        ApiResponse response;
        try {
            response = respond(request);
        } catch (RuntimeException e) {
            response = ApiResponse.internalServerError().logging(FunctionLog.failure(e));
        }
        var log = new JsonObject().put("user_id", request.principal().map(Principal::userId).orElse(null)).put("status",
                response.status());
        response.log().members().forEach(log::put);
        return new FunctionResult(response.toEvent(origins.all().getFirst()), response.outcome(), log);
    }
}
