package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Lambda authorizer's decision on a request.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html">Output
 *      from a Lambda authorizer</a>
 */
sealed interface AuthorizerAnswer {

    /**
     * The policy allows the call.
     *
     * @param context the function's data about the caller, including {@code principalId}
     */
    record Allowed(Map<String, String> context) implements AuthorizerAnswer {}

    /** The policy denies the call, or does not allow it. */
    record Denied(Map<String, String> context) implements AuthorizerAnswer {}

    /** The authorizer refused by the error that API Gateway maps to 401. */
    record Unauthorized() implements AuthorizerAnswer {}

    /** The authorizer failed. */
    record Failed() implements AuthorizerAnswer {}

    /** API Gateway does not accept the answer. */
    record Malformed(String reason) implements AuthorizerAnswer {}

    /** Reads an authorizer's output and evaluates its policy for the called method. */
    static AuthorizerAnswer of(byte[] output, String methodArn) {
        JsonNode answer;
        try {
            answer = new JsonMapper().readTree(output);
        } catch (IOException e) {
            return new Malformed("not JSON");
        }
        if (!answer.path("principalId").isTextual()) {
            return new Malformed("principalId is not a string");
        }
        var context = new LinkedHashMap<String, String>();
        context.put("principalId", answer.path("principalId").textValue());
        for (var entry : answer.path("context").properties()) {
            if (!entry.getValue().isValueNode()) {
                return new Malformed("context.%s is not a string, number or boolean".formatted(entry.getKey()));
            }
            context.put(entry.getKey(), entry.getValue().asText());
        }
        var statements = answer.path("policyDocument").path("Statement");
        if (!statements.isArray() || !statements.valueStream().allMatch(AuthorizerAnswer::isUnderstood)) {
            return new Malformed("policyDocument has no statements of Effect, Action and Resource");
        }
        return applies(statements, "Allow", methodArn) && !applies(statements, "Deny", methodArn)
                ? new Allowed(context)
                : new Denied(context);
    }

    private static boolean isUnderstood(JsonNode statement) {
        return statement.has("Effect") && statement.has("Action") && statement.has("Resource")
                && !statement.has("Condition");
    }

    private static boolean applies(JsonNode statements, String effect, String methodArn) {
        return statements.valueStream().filter(statement -> statement.path("Effect").asText().equals(effect))
                .filter(statement -> anyMatches(statement.path("Action"), "execute-api:Invoke"))
                .anyMatch(statement -> anyMatches(statement.path("Resource"), methodArn));
    }

    private static boolean anyMatches(JsonNode oneOrMore, String text) {
        var patterns = oneOrMore.isArray() ? oneOrMore.valueStream() : Stream.of(oneOrMore);
        return patterns.anyMatch(pattern -> wildcard(pattern.asText()).matcher(text).matches());
    }

    /** A pattern of IAM: {@code *} matches any characters, {@code ?} one. */
    private static Pattern wildcard(String pattern) {
        return Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"), Pattern.DOTALL);
    }
}
