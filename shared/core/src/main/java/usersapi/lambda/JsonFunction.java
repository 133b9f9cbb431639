package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import usersapi.json.JsonObject;

/**
 * A Lambda function that takes a JSON object and answers with one. It reads the event's stream itself: the runtime's
 * own way, over the event classes of aws-lambda-java-events, costs a quarter of a cold start.
 */
public abstract class JsonFunction implements RequestStreamHandler {

    /** Called by Lambda; where it takes a snapshot of what is made here, this is primed first. */
    protected JsonFunction() {
        if (Priming.isDue()) {
            Priming.prime(getClass());
        }
    }

    /** Answers one invocation; what it throws is logged here, once, and fails the invocation. */
    protected abstract JsonObject invoke(JsonObject event, Context context);

    @Override
    public final void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        try {
            invoke(JsonObject.read(in), context).writeTo(out);
        } catch (IOException | RuntimeException e) {
            context.getLogger().log(FunctionLog.failure(context, e).toJson());
            throw new FunctionFailed(context.getAwsRequestId());
        }
    }

    /** The answer of a function without a route to input that it cannot use; {@code detail} says what to correct. */
    protected static JsonObject refused(String detail) {
        return new JsonObject().put("message", "Unexpected error").put("detail", detail);
    }

    /** Tells Lambda that the invocation failed, and its invoker where to look, but nothing of the cause. */
    private static final class FunctionFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        FunctionFailed(String requestId) {
            super("Internal error, see the log of request " + requestId, null, false, false);
        }
    }
}
