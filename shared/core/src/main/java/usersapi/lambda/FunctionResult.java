package usersapi.lambda;

import usersapi.json.JsonObject;

/**
 * The result of an invocation of a function.
 *
 * @param answer the answer to its invoker
 * @param outcome its outcome in the log line and in the metric
 * @param log further members of the log line; nothing secret
 */
public record FunctionResult(JsonObject answer, Outcome outcome, JsonObject log) {

    /** Done as asked. */
    public static FunctionResult ok(JsonObject answer, JsonObject log) {
        return new FunctionResult(answer, Outcome.OK, log);
    }

    /** The answer of a function without a route to invalid input; {@code detail} says what to correct. */
    public static FunctionResult invalid(String detail) {
        return new FunctionResult(new JsonObject().put("message", "Unexpected error").put("detail", detail),
                Outcome.INVALID, new JsonObject());
    }
}
