package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import usersapi.json.JsonObject;

/**
 * Writes log lines: JSON objects, for Logs Insights. The one line of each invocation is also a metric: CloudWatch counts
 * {@code Invocations} by {@code outcome}, in the stack's namespace.
 *
 * @see <a href=
 *     "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     Embedded metric format</a>
 */
public final class FunctionLog {

    private static final int MAX_FRAMES = 12;

    private final List<?> metrics;

    /** A log with metrics in this namespace. Several stacks of one account do not count each other's invocations. */
    FunctionLog(String namespace) {
        metrics = List.of(new JsonObject().put("Namespace", namespace).put("Dimensions", List.of(List.of("outcome")))
                .put("Metrics", List.of(new JsonObject().put("Name", "Invocations").put("Unit", "Count"))));
    }

    /**
     * Writes the line of an invocation.
     *
     * @param start when it began, by {@link System#nanoTime()}
     * @param event its event, from which the line gets a request's route and id
     * @param details further members of the line
     */
    void invocation(Context context, long start, JsonObject event, Outcome outcome, JsonObject details) {
        long now = System.currentTimeMillis();
        var line = line(context, now, outcome.level());
        var request = new ApiRequest(event);
        if (!request.resource().isEmpty()) {
            line.put("request_id", request.requestId()).put("route",
                    AccessRules.nameOf(request.method(), request.resource()));
        }
        line.put("outcome", outcome.word()).put("duration_ms",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        details.members().forEach(line::put);
        write(context, outcome.level(), line.put("Invocations", 1).put("_aws",
                new JsonObject().put("Timestamp", now).put("CloudWatchMetrics", metrics)));
    }

    /** Writes a further line of an invocation, about something that needs an operator. */
    public static void error(Context context, JsonObject details) {
        further(context, LogLevel.ERROR, details);
    }

    /** Writes a further line of an invocation. */
    public static void info(Context context, JsonObject details) {
        further(context, LogLevel.INFO, details);
    }

    private static void further(Context context, LogLevel level, JsonObject details) {
        var line = line(context, System.currentTimeMillis(), level);
        details.members().forEach(line::put);
        write(context, level, line);
    }

    /**
     * The members of a line about an unexpected failure. They tell the type, AWS's error code and the place of each
     * exception, but never the message, because a message may quote a credential.
     */
    public static JsonObject failure(Throwable failure) {
        var causes = new ArrayList<Object>();
        for (var cause = failure; cause != null && causes.size() < 5; cause = cause.getCause()) {
            var told = new JsonObject().put("type", cause.getClass().getName());
            if (cause instanceof AwsServiceException aws && aws.awsErrorDetails() != null) {
                told.put("aws_error", aws.awsErrorDetails().errorCode()).put("aws_request_id", aws.requestId());
            }
            told.put("at", List.of(cause.getStackTrace()).stream().limit(MAX_FRAMES).map(Object::toString).toList());
            causes.add(told);
        }
        return new JsonObject().put("failure", causes);
    }

    private static JsonObject line(Context context, long now, LogLevel level) {
        return new JsonObject().put("timestamp", Instant.ofEpochMilli(now).toString()).put("level", level.name())
                .put("function", context.getFunctionName()).put("lambda_request_id", context.getAwsRequestId());
    }

    private static void write(Context context, LogLevel level, JsonObject line) {
        context.getLogger().log(bytes(line), level);
    }

    /**
     * A line for Lambda's logger. It is bytes, because Lambda's runtime would wrap a string into another JSON object, in
     * which CloudWatch finds no metric. It ends in a newline, because emulators and {@code sam local} add none.
     */
    static byte[] bytes(JsonObject line) {
        return (line.toJson() + '\n').getBytes(StandardCharsets.UTF_8);
    }
}
