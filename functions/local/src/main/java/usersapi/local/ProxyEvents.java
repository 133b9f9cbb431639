package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import usersapi.standin.Template;

/**
 * Converts requests to a function's events, and a function's answer to a response, as API Gateway does.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html">Lambda
 *     proxy integrations</a>
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html">Input
 *     to a Lambda authorizer</a>
 */
final class ProxyEvents {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter COMMON_LOG_FORMAT = DateTimeFormatter
            .ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final String ACCOUNT = "123456789012";
    private static final String API_ID = "local";
    private static final String DEPLOYMENT_ID = "deploy";

    /** Headers of the connection between client and gateway; no event has them. */
    private static final Set<String> OF_THE_CONNECTION = Set.of("connection", "content-length", "content-md5", "expect",
            "keep-alive", "max-forwards", "proxy-authenticate", "server", "te", "trailer", "transfer-encoding",
            "upgrade",
            "www-authenticate");

    /** Headers that API Gateway sets itself and does not take from the client. */
    private static final Set<String> OF_THE_GATEWAY = Set.of("x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port",
            "x-forwarded-proto");

    /** Headers that API Gateway sends itself; it renames a function's. */
    private static final Set<String> REMAPPED = Set.of("authorization", "connection", "content-length", "content-md5",
            "date", "expect", "host", "max-forwards", "proxy-authenticate", "server", "trailer",
            "transfer-encoding", "upgrade", "user-agent", "via", "www-authenticate");

    private final Template.Api api;

    ProxyEvents(Template.Api api) {
        this.api = api;
    }

    /** The authorizer's event. */
    ObjectNode authorizerEvent(Call call, Routes.Match match) {
        return event(call, match).put("type", "REQUEST").put("methodArn", methodArn(call));
    }

    /**
     * The event for a route's function.
     *
     * @param authorizer the authorizer's data about the caller; empty if it was not asked
     */
    ObjectNode proxyEvent(Call call, Routes.Match match, Map<String, String> authorizer) {
        var event = event(call, match);
        if (!authorizer.isEmpty()) {
            event.withObjectProperty("requestContext").set("authorizer", JSON.valueToTree(authorizer));
        }
        var binary = isBinary(call.header("Content-Type"));
        var body = binary ? Base64.getEncoder().encodeToString(call.body()) : call.text();
        return event.put("body", body.isEmpty() ? null : body).put("isBase64Encoded", binary && !body.isEmpty());
    }

    /** The ARN of the called method, for policies. */
    String methodArn(Call call) {
        return "arn:aws:execute-api:us-east-1:%s:%s/%s/%s%s".formatted(ACCOUNT, API_ID, api.stage(), call.method(),
                collapsed(call.path()));
    }

    /** The response from a function's answer; empty if the answer is malformed. */
    Optional<Answer> answer(Call call, byte[] output) {
        JsonNode answer;
        try {
            answer = JSON.readTree(output);
        } catch (IOException malformed) {
            return Optional.empty();
        }
        if (!answer.isObject()
                || !answer.propertyStream().allMatch(field -> isWellFormed(field.getKey(), field.getValue()))) {
            return Optional.empty();
        }
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        answer.path("multiValueHeaders").properties().forEach(header -> header.getValue()
                .forEach(value -> add(headers, header.getKey(), value.asText())));
        answer.path("headers").properties()
                .forEach(header -> add(headers, header.getKey(), header.getValue().asText()));
        headers.putIfAbsent("Content-Type", List.of("application/json"));
        headers.put("X-Amzn-Trace-Id", List.of(call.trace()));
        var body = answer.path("body").asText("");
        if (answer.path("isBase64Encoded").booleanValue() && isBinary(call.header("Accept"))) {
            try {
                return Optional
                        .of(new Answer(status(answer), headers, ByteBuffer.wrap(Base64.getDecoder().decode(body))));
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
        return Optional.of(new Answer(status(answer), headers, Answer.bytes(body)));
    }

    private static int status(JsonNode answer) {
        return answer.path("statusCode").asInt(200);
    }

    /** No field is mandatory, and no other is allowed, as LocalStack's authors recorded on AWS. */
    private static boolean isWellFormed(String field, JsonNode value) {
        return value.isNull() || switch (field) {
            case "statusCode" -> value.asInt() >= 100 && value.asInt() <= 599;
            case "headers" -> value.isObject() && value.valueStream().allMatch(ProxyEvents::isHeaderValue);
            case "multiValueHeaders" -> value.isObject() && value.valueStream()
                    .allMatch(values -> values.isArray() && values.valueStream().allMatch(ProxyEvents::isHeaderValue));
            case "body" -> value.isTextual();
            case "isBase64Encoded" -> value.isBoolean();
            default -> false;
        };
    }

    private static boolean isHeaderValue(JsonNode value) {
        return value.isTextual() || value.isBoolean();
    }

    /** «If you specify values for both, API Gateway merges them»; a pair in both counts once. */
    private static void add(Map<String, List<String>> headers, String name, String value) {
        var sent = REMAPPED.contains(name.toLowerCase(Locale.ROOT)) ? "x-amzn-Remapped-" + name : name;
        var values = headers.computeIfAbsent(sent, absent -> new ArrayList<>());
        if (!values.contains(value)) {
            values.add(value);
        }
    }

    /** Whether the first type is one of the API's binary types; API Gateway does not look at the others. */
    private boolean isBinary(Optional<String> types) {
        return types.map(all -> all.split("[,;]", 2)[0].strip())
                .filter(type -> api.binaryMediaTypes().stream()
                        .anyMatch(binary -> binary.equals("*/*") || binary.equals(type) || (binary.endsWith("/*")
                                && type.startsWith(binary.substring(0, binary.length() - 1)))))
                .isPresent();
    }

    /** The members that both kinds of event have. */
    private ObjectNode event(Call call, Routes.Match match) {
        var event = JSON.createObjectNode().put("resource", match.resource().path()).put("path", collapsed(call.path()))
                .put("httpMethod", call.method());
        var headers = headers(call);
        put(event, "headers", "multiValueHeaders", headers);
        put(event, "queryStringParameters", "multiValueQueryStringParameters", call.parameters());
        event.set("pathParameters",
                match.parameters().isEmpty() ? NODES.nullNode() : JSON.valueToTree(match.parameters()));
        event.set("stageVariables", NODES.nullNode());
        event.set("requestContext", requestContext(call, match));
        return event;
    }

    private ObjectNode requestContext(Call call, Routes.Match match) {
        var context = JSON.createObjectNode().put("accountId", ACCOUNT).put("apiId", API_ID)
                .put("deploymentId", DEPLOYMENT_ID).put("domainName", call.header("Host").orElse(null))
                .put("domainPrefix", call.header("Host").map(host -> host.split("[.:]", 2)[0]).orElse(null))
                .put("extendedRequestId", call.extendedId())
                .put("httpMethod", call.method()).put("path", "/" + api.stage() + call.path())
                .put("protocol", call.protocol()).put("requestId", call.id())
                .put("requestTime", COMMON_LOG_FORMAT.format(call.at()))
                .put("requestTimeEpoch", call.at().toEpochMilli())
                .put("resourceId", Integer.toHexString(match.resource().path().hashCode()))
                .put("resourcePath", match.resource().path()).put("stage", api.stage());
        var identity = context.putObject("identity");
        for (var name : List.of("accessKey", "accountId", "caller", "cognitoAuthenticationProvider",
                "cognitoAuthenticationType", "cognitoIdentityId",
                "cognitoIdentityPoolId", "principalOrgId", "user", "userArn")) {
            identity.putNull(name);
        }
        identity.put("sourceIp", call.sourceIp()).put("userAgent", call.header("User-Agent").orElse(null));
        return context;
    }

    private static Map<String, List<String>> headers(Call call) {
        var headers = new LinkedHashMap<String, List<String>>();
        for (var field : call.headers()) {
            var name = field.getLowerCaseName();
            if (!OF_THE_CONNECTION.contains(name) && !OF_THE_GATEWAY.contains(name)) {
                headers.computeIfAbsent(field.getName(), absent -> new ArrayList<>())
                        .add(Optional.ofNullable(field.getValue()).orElse(""));
            }
        }
        headers.put("X-Amzn-Trace-Id", List.of("Root=" + call.traceId()));
        headers.put("X-Forwarded-For", List.of(
                call.header("X-Forwarded-For").map(ips -> ips + ", ").orElse("") + call.sourceIp()));
        headers.put("X-Forwarded-Port", List.of(Integer.toString(call.port())));
        headers.put("X-Forwarded-Proto", List.of("http"));
        return headers;
    }

    /** Both forms of a map; the single form has the last of several values. A map without entries is null. */
    private static void put(ObjectNode event, String single, String multiple, Map<String, List<String>> values) {
        if (values.isEmpty()) {
            event.putNull(single).putNull(multiple);
            return;
        }
        var last = event.putObject(single);
        values.forEach((name, all) -> last.put(name, all.getLast()));
        event.set(multiple, JSON.valueToTree(values));
    }

    /** The path as API Gateway passes it on: several slashes at its start become one. */
    private static String collapsed(String path) {
        return path.replaceFirst("^/+", "/");
    }
}
