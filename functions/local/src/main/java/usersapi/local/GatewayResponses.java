package usersapi.local;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/**
 * API Gateway's own answers, as the template defines them.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html">Gateway
 *     response types</a>
 */
final class GatewayResponses {

    /** The types that occur here, with API Gateway's defaults. */
    enum Type {
        ACCESS_DENIED(403, "AccessDeniedException", "User is not authorized to access this resource"), //
        AUTHORIZER_CONFIGURATION_ERROR(500, "AuthorizerConfigurationException", "Internal server error"), //
        AUTHORIZER_FAILURE(500, "AuthorizerFailureException", "Internal server error"), //
        // Not a type on AWS, where DEFAULT_5XX alone defines the answer to a failed function.
        FUNCTION_FAILED(502, "InternalServerErrorException", "Internal server error"), //
        MISSING_AUTHENTICATION_TOKEN(403, "MissingAuthenticationTokenException", "Missing Authentication Token"), //
        REQUEST_TOO_LARGE(413, "RequestTooLargeException", "Request Too Long"), //
        UNAUTHORIZED(401, "UnauthorizedException", "Unauthorized");

        private final int status;
        private final String error;
        private final String message;

        Type(int status, String error, String message) {
            this.status = status;
            this.error = error;
            this.message = message;
        }
    }

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:context\\.)?[A-Za-z]\\w*(?:\\.\\w+)*");
    private static final Set<String> KNOWN = Set.of("$context.error.message", "$context.error.messageString",
            "$context.error.responseType", "$context.requestId");
    private static final String AUTHORIZER = "$context.authorizer.";

    private final Map<String, Template.GatewayResponse> styled;

    GatewayResponses(Map<String, Template.GatewayResponse> styled) {
        styled.forEach((type, response) -> response.templates().forEach((contentType, template) -> {
            if (!contentType.equals("application/json")) {
                throw new UnsupportedTemplateException(
                        "GatewayResponses.%s: a template for %s has no counterpart here".formatted(type, contentType));
            }
            VARIABLE.matcher(template).results().map(found -> found.group())
                    .filter(name -> !KNOWN.contains(name) && !name.startsWith(AUTHORIZER)).findFirst()
                    .ifPresent(name -> {
                        throw new UnsupportedTemplateException(
                                "GatewayResponses.%s: %s has no counterpart here".formatted(type, name));
                    });
        }));
        this.styled = styled;
    }

    /** The answer of this type to a request without an authorizer's answer. */
    Answer answer(Type type, Call call) {
        return answer(type, call, Map.of());
    }

    /**
     * The answer of this type.
     *
     * @param authorizer the authorizer's data about the caller
     */
    Answer answer(Type type, Call call, Map<String, String> authorizer) {
        var own = Optional.ofNullable(styled.get(type.name()));
        var common = Optional.ofNullable(styled.get(type.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX"));
        var style = own.or(() -> common);
        var status = style.flatMap(Template.GatewayResponse::status).orElse(type.status);
        var template = style.map(given -> given.templates().get("application/json"))
                .orElse("{\"message\":$context.error.messageString}");
        var values = new HashMap<String, String>();
        values.put("$context.error.message", type.message);
        values.put("$context.error.messageString", TextNode.valueOf(type.message).toString());
        values.put("$context.error.responseType", type.name());
        values.put("$context.requestId", call.id());
        authorizer.forEach((name, value) -> values.put(AUTHORIZER + name, value));
        var body = VARIABLE.matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(), "")));
        var headers = new LinkedHashMap<String, List<String>>();
        headers.put("Content-Type", List.of("application/json"));
        headers.put("x-amzn-ErrorType", List.of(type.error));
        style.ifPresent(given -> given.headers().forEach((name, value) -> headers.put(name, List.of(value))));
        return new Answer(status, headers, Answer.bytes(body));
    }
}
