package usersapi.lambda;

import usersapi.json.JsonObject;

/**
 * The result of an invocation of a function.
 *
 * @param answer what its invoker gets
 * @param outcome what its log line and the metric call it
 * @param log what its log line says besides; nothing that may not be logged
 */
public record FunctionResult(JsonObject answer, Outcome outcome, JsonObject log) {

    /** Done as asked. */
    public static FunctionResult ok(JsonObject answer, JsonObject log) {
        return new FunctionResult(answer, Outcome.OK, log);
    }

    /** The answer of a function without a route to input that it cannot use; {@code detail} says what to correct. */
    public static FunctionResult invalid(String detail) {
        return new FunctionResult(new JsonObject().put("message", "Unexpected error").put("detail", detail),
                Outcome.INVALID, new JsonObject());
    }
}
