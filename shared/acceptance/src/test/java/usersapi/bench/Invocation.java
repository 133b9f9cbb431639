package usersapi.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import usersapi.config.Environment;
import usersapi.standin.Template.Function;
import usersapi.testing.LogLine;
import usersapi.testing.RecordingContext;

/**
 * The measured costs of an invocation.
 *
 * @param calls its calls of DynamoDB
 * @param logBytes the length of its log line and of Lambda's own lines
 */
record Invocation(Function function, List<SdkRequest> calls, String answer, int logBytes) {

    /** Assumed for Lambda: what a warm function takes for itself, and for a call of DynamoDB, Stripe and an OpenID provider. */
    private static final int OWN_MILLIS = 5;
    private static final int CALL_MILLIS = 5;
    private static final int TRANSACTION_MILLIS = 10;
    private static final int STRIPE_MILLIS = 500;
    private static final int PROVIDER_MILLIS = 300;

    /** The size of Lambda's two lines for an invocation, platform.start and platform.report, with their tracing. */
    private static final int PLATFORM_LOG_BYTES = 750;

    /**
     * Invokes a function in this JVM.
     *
     * @param outcome the expected outcome
     */
    static Invocation of(Function function, String event, String outcome) {
        // A name as long as CloudFormation's.
        var context = new RecordingContext("users-api-%s-AbCdEfGhIjKl".formatted(function.id()));
        var answer = new StringBuilder();
        var calls = CapacityMeter.during(() -> answer
                .append(context.invoke(function.instance(Environment.class, function.environment()::get), event)));
        // The line's length must not depend on the time and the duration.
        var line = ((ObjectNode) LogLine.of(context.lines().getFirst()).json())
                .put("timestamp", "2026-11-25T10:51:53.123Z").put("duration_ms", 10);
        if (context.lines().size() > 1 || !line.path("outcome").asText().equals(outcome)) {
            throw new IllegalStateException("%s: %s".formatted(function.id(), context.lines()));
        }
        return new Invocation(function, calls, answer.toString(), line.toString().length() + PLATFORM_LOG_BYTES);
    }

    /** The names of its calls of DynamoDB, in their order. */
    List<String> operations() {
        return calls.stream().map(call -> call.getClass().getSimpleName().replace("Request", "")).toList();
    }

    CapacityUnits units() {
        return calls.stream().map(CapacityUnits::of).reduce(new CapacityUnits(0, 0), CapacityUnits::plus);
    }

    /** Dollars for a million of them, at Lambda. */
    double price() {
        double seconds = millis() / 1_000.0;
        return Prices.MILLION_INVOCATIONS + 1_000_000 * seconds * function.memory() / 1_024.0
                * Prices.GIGABYTE_SECOND.get(function.architecture());
    }

    private int millis() {
        int dynamoDb = calls.stream()
                .mapToInt(call -> call instanceof TransactWriteItemsRequest ? TRANSACTION_MILLIS : CALL_MILLIS)
                .sum();
        return OWN_MILLIS + dynamoDb + (callsStripe() ? STRIPE_MILLIS : 0)
                + (callsProvider() ? PROVIDER_MILLIS : 0);
    }

    private boolean callsStripe() {
        return function.codeUri().endsWith("billing.zip");
    }

    /** A callback does, for tokens; what the provider publishes is kept. */
    private boolean callsProvider() {
        return function.codeUri().endsWith("login.zip") && !calls.isEmpty();
    }
}
