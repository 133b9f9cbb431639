package usersapi.local;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import usersapi.standin.Template;

/**
 * Lambda's Invoke API for all functions, as an SDK, the AWS CLI and Step Functions call it. Credentials are not checked:
 * every program on this machine may invoke any function, but foreign web pages are refused.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>
 */
final class LambdaApi {

    /** The path of Lambda's API. */
    static final String PREFIX = "/2015-03-31/functions/";

    private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:";
    private static final Pattern PATH = Pattern.compile(Pattern.quote(PREFIX) + "([^/]+)/invocations/?");

    /** A function's name, ARN or partial ARN, with or without a qualifier. */
    private static final Pattern FUNCTION = Pattern
            .compile(
                    "(?:(?:arn:aws:lambda:us-east-1:)?123456789012:function:)?([A-Za-z0-9_-]+)(?::([A-Za-z0-9$_-]+))?");

    /** An asynchronous event may have 1 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
    private static final int MAX_ASYNCHRONOUS_EVENT_BYTES = 1024 * 1024;

    private static final int MAX_LOG_BYTES = 4 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Functions functions;
    private final Set<String> origins;

    /** An API for these functions, for programs and for pages of these origins. */
    LambdaApi(Functions functions, Set<String> origins) {
        this.functions = functions;
        this.origins = origins;
    }

    /** Answers a request. */
    Answer answer(Call call) {
        if (call.header("Origin").filter(origin -> !origins.contains(origin)).isPresent()) {
            return refusal(403, "AccessDeniedException", "Message",
                    "Only programs on this machine may invoke functions");
        }
        var path = PATH.matcher(call.path());
        if (!path.matches() || !call.method().equals("POST")) {
            return refusal(404, "UnknownOperationException", "Message", "Only Invoke is supported");
        }
        var name = decoded(path.group(1));
        var parsed = FUNCTION.matcher(name);
        if (!parsed.matches()) {
            return notFound(name);
        }
        var derived = Optional.ofNullable(parsed.group(2));
        var given = Optional.ofNullable(call.parameters().get("Qualifier")).map(List::getLast);
        if (derived.isPresent() && given.isPresent() && !derived.equals(given)) {
            return refusal(400, "InvalidParameterValueException", "message",
                    "The derived qualifier from the function name does not match the specified qualifier.");
        }
        return invoked(call, parsed.group(1), derived.or(() -> given).orElse(""));
    }

    private Answer invoked(Call call, String name, String qualifier) {
        var version = functions.find(name).flatMap(function -> version(function, qualifier));
        if (version.isEmpty()) {
            return notFound(ARN + name + (qualifier.isEmpty() ? "" : ":" + qualifier));
        }
        var type = call.header("X-Amz-Invocation-Type").orElse("RequestResponse");
        var max = type.equals("Event") ? MAX_ASYNCHRONOUS_EVENT_BYTES : Functions.MAX_EVENT_BYTES;
        if (call.body().length > max) {
            return refusal(413, "RequestEntityTooLargeException", "Message",
                    "Request must be smaller than %d bytes for the InvokeFunction operation".formatted(max));
        }
        var event = call.body().length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : call.body();
        try {
            JSON.readTree(event);
        } catch (IOException e) {
            return refusal(400, "InvalidRequestContentException", "message",
                    "Could not parse request body into json: Could not parse payload into json: " + e.getMessage());
        }
        var log = Collections.synchronizedList(new ArrayList<String>());
        var invocation = new Invocation(name, call.id(), qualifier, version.get(), line -> {
            System.out.println(line);
            log.add(line);
        });
        return switch (type) {
            case "RequestResponse" -> awaited(call, invocation, event, log);
            case "Event" -> {
                functions.start(invocation, event);
                yield new Answer(202, headers(call), ByteBuffer.allocate(0));
            }
            case "DryRun" -> new Answer(204, headers(call), ByteBuffer.allocate(0));
            default -> refusal(400, "InvalidParameterValueException", "message",
                    "Unsupported invocation type: an invocation is of type RequestResponse, Event or DryRun");
        };
    }

    private Answer awaited(Call call, Invocation invocation, byte[] event, List<String> log) {
        var headers = headers(call);
        headers.put("Content-Type", List.of("application/json"));
        headers.put("X-Amz-Executed-Version", List.of(invocation.version()));
        ByteBuffer body;
        try {
            body = ByteBuffer.wrap(functions.invoke(invocation, event));
        } catch (FunctionFailedException e) {
            headers.put("X-Amz-Function-Error", List.of("Unhandled"));
            body = Answer.bytes(JSON.createObjectNode().put("errorMessage", e.getMessage())
                    .put("errorType", e.errorType()).toString());
        }
        if (call.header("X-Amz-Log-Type").filter("Tail"::equals).isPresent()) {
            headers.put("X-Amz-Log-Result", List.of(tail(log)));
        }
        return new Answer(200, headers, body);
    }

    /** The headers of Lambda's answer to an accepted invocation. */
    private static Map<String, List<String>> headers(Call call) {
        var headers = new LinkedHashMap<String, List<String>>();
        headers.put("x-amzn-Remapped-Content-Length", List.of("0"));
        headers.put("X-Amzn-Trace-Id", List.of("Root=%s;Sampled=0".formatted(call.traceId())));
        return headers;
    }

    /** The end of the function's log, in Base64. */
    private static String tail(List<String> log) {
        var bytes = (String.join("\n", log) + "\n").getBytes(StandardCharsets.UTF_8);
        var from = Math.max(0, bytes.length - MAX_LOG_BYTES);
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    /** The version of a qualifier; empty if there is none. */
    private static Optional<String> version(Template.Function function, String qualifier) {
        if (qualifier.isEmpty() || qualifier.equals(Invocation.LATEST)) {
            return Optional.of(Invocation.LATEST);
        }
        return function.alias().filter(alias -> qualifier.equals(alias) || qualifier.equals(Invocation.PUBLISHED))
                .map(alias -> Invocation.PUBLISHED);
    }

    private static Answer notFound(String function) {
        return refusal(404, "ResourceNotFoundException", "Message", "Function not found: " + function);
    }

    /** An error in Lambda's form; the spelling of the message's member differs by error. */
    private static Answer refusal(int status, String type, String member, String message) {
        var body = JSON.createObjectNode().put("Type", "User").put(member, message);
        return new Answer(status,
                Map.of("Content-Type", List.of("application/json"), "x-amzn-ErrorType", List.of(type)),
                Answer.bytes(body.toString()));
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return segment;
        }
    }
}
