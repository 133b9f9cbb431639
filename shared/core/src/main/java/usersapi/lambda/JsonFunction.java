package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import usersapi.config.Environment;
import usersapi.json.JsonObject;

/**
 * A Lambda function that takes a JSON object, answers with one, and writes one log line for each invocation. It refuses any
 * other payload by an answer, because after a failure Lambda would repeat an asynchronous invocation. It reads the event's
 * stream itself, because the event classes of aws-lambda-java-events cost a quarter of a cold start.
 */
public abstract class JsonFunction implements RequestStreamHandler {

    private final FunctionLog log;

    /** Creates a function, configured by this environment. */
    protected JsonFunction(Environment environment) {
        log = new FunctionLog(environment.required("METRICS_NAMESPACE"));
    }

    /** Answers one invocation. An exception is logged once, by this class, and fails the invocation. */
    protected abstract FunctionResult invoke(JsonObject event, Context context);

    /** The answer to a payload that is not a JSON object; {@code reason} says what to correct. */
    protected FunctionResult refuse(String reason) {
        return FunctionResult.invalid(reason);
    }

    @Override
    public final void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        long start = System.nanoTime();
        var event = new JsonObject();
        try {
            FunctionResult result;
            switch (JsonObject.read(in)) {
                case JsonObject.Parsed.Invalid(var reason) -> result = refuse("payload: " + reason);
                case JsonObject.Parsed.Valid(var object) -> {
                    event = object;
                    result = CurrentInvocation.of(context, () -> invoke(object, context));
                }
            }
            result.answer().writeTo(out);
            log.invocation(context, start, event, result.outcome(), result.log());
        } catch (IOException | RuntimeException e) {
            log.invocation(context, start, event, Outcome.FAILED, FunctionLog.failure(e));
            throw new FunctionFailed(context.getAwsRequestId());
        }
    }

    /** Tells Lambda that the invocation failed, and its invoker which log line to read, but not the cause. */
    private static final class FunctionFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        FunctionFailed(String requestId) {
            super("Internal error, see the log of request " + requestId, null, false, false);
        }
    }
}
