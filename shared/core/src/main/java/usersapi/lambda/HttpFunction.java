package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import usersapi.json.JsonObject;
import usersapi.wiring.Config;

/**
 * A function behind a route of the API: an event in, an answer out, one log line about it, and a 500 for what nobody
 * expected. It is open to its two kinds only, each of which lets no request through to its functions unproved.
 */
abstract sealed class HttpFunction extends JsonFunction permits Endpoint, Webhook {

    private final Config config;

    HttpFunction(Config config) {
        this.config = config;
    }

    /** Answers a request that may have come from anybody; an exception becomes a 500. */
    abstract ApiResponse respond(ApiRequest request);

    @Override
    protected final JsonObject invoke(JsonObject event, Context context) {
        long start = System.nanoTime();
        var request = new ApiRequest(event);
        var log = FunctionLog.line(context, "INFO");
        ApiResponse response;
        try {
            response = respond(request);
        } catch (RuntimeException e) {
            log = FunctionLog.failure(context, e);
            response = ApiResponse.internalServerError();
        }
        log.put("request_id", request.requestId()).put("route", request.method() + " " + request.resource())
                .put("user_id", request.principal().map(Principal::userId).orElse(null))
                .put("status", response.status()).put("duration_ms", (System.nanoTime() - start) / 1_000_000);
        response.log().members().forEach(log::put);
        context.getLogger().log(log.toJson());
        return response.toEvent(config.frontendOrigins().getFirst());
    }
}
