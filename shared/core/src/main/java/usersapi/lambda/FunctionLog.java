package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import usersapi.json.JsonObject;

/** The log's lines: JSON objects, for Logs Insights. */
public final class FunctionLog {

    private static final int MOST_FRAMES = 12;

    private FunctionLog() {}

    /** A line about this invocation, to which the caller adds what happened. */
    public static JsonObject line(Context context, String level) {
        return new JsonObject().put("level", level).put("function", context.getFunctionName()).put("lambda_request_id",
                context.getAwsRequestId());
    }

    /**
     * A line about an unexpected failure. Of each exception it tells the type, AWS's error code and the place, never the
     * message: a message may quote what it choked on, and that may be a credential.
     */
    public static JsonObject failure(Context context, Throwable failure) {
        var causes = new ArrayList<Object>();
        for (var cause = failure; cause != null && causes.size() < 5; cause = cause.getCause()) {
            var told = new JsonObject().put("type", cause.getClass().getName());
            if (cause instanceof AwsServiceException aws && aws.awsErrorDetails() != null) {
                told.put("aws_error", aws.awsErrorDetails().errorCode()).put("aws_request_id", aws.requestId());
            }
            told.put("at", List.of(cause.getStackTrace()).stream().limit(MOST_FRAMES).map(Object::toString).toList());
            causes.add(told);
        }
        return line(context, "ERROR").put("failure", causes);
    }
}
