package usersapi.standin;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/** The context of an invocation. */
public class LocalContext implements Context {

    private final String requestId;
    private final String functionName;
    private final String qualifier;
    private final String version;
    private final int memory;
    private final Instant deadline;
    private final Consumer<String> log;

    /**
     * The context of one invocation of a function's latest version.
     *
     * @param memory in MB
     * @param log takes the lines of the function
     */
    public LocalContext(String functionName, Duration timeout, int memory, Consumer<String> log) {
        this(UUID.randomUUID().toString(), functionName, "", "$LATEST", timeout, memory, log);
    }

    /**
     * The context of one invocation.
     *
     * @param requestId Lambda's id of the invocation
     * @param qualifier the alias or the version in the function's name; empty if there is none
     * @param version the version that runs
     * @param memory in MB
     * @param log takes the lines of the function
     */
    public LocalContext(String requestId, String functionName, String qualifier, String version, Duration timeout,
            int memory, Consumer<String> log) {
        this.requestId = requestId;
        this.functionName = functionName;
        this.qualifier = qualifier;
        this.version = version;
        this.memory = memory;
        this.deadline = Instant.now().plus(timeout);
        this.log = log;
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + functionName;
    }

    @Override
    public String getLogStreamName() {
        return "local";
    }

    @Override
    public String getFunctionName() {
        return functionName;
    }

    @Override
    public String getFunctionVersion() {
        return version;
    }

    @Override
    public String getInvokedFunctionArn() {
        var arn = "arn:aws:lambda:us-east-1:123456789012:function:" + functionName;
        return qualifier.isEmpty() ? arn : arn + ":" + qualifier;
    }

    @Override
    public CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return Math.toIntExact(Duration.between(Instant.now(), deadline).toMillis());
    }

    @Override
    public int getMemoryLimitInMB() {
        return memory;
    }

    @Override
    public LambdaLogger getLogger() {
        return new LambdaLogger() {

            @Override
            public void log(String message) {
                log.accept(message);
            }

            @Override
            public void log(byte[] message) {
                log(new String(message, StandardCharsets.UTF_8).stripTrailing());
            }
        };
    }
}
