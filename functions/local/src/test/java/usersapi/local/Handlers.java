package usersapi.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import usersapi.config.Environment;

/** The functions of fixture.yaml. */
public final class Handlers {

    private static final JsonMapper JSON = new JsonMapper();

    private Handlers() {}

    private static void answer(OutputStream out, String body) throws IOException {
        JSON.writeValue(out, JSON.createObjectNode().put("statusCode", 200).put("body", body));
    }

    /** Answers or fails as the request's {@code X-Decision} says. */
    public static final class Authorizer implements RequestStreamHandler {

        /** Creates the function. */
        public Authorizer(Environment environment) {}

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            var event = JSON.readTree(in);
            var decision = event.path("headers").path("X-Decision").asText("allow");
            out.write(switch (decision) {
                case "fail" -> throw new IllegalStateException("the table does not answer");
                case "unauthorized" -> throw new IllegalStateException("Unauthorized");
                case "allow" -> """
                        {"principalId": "u1", "context": {"number": 7, "truth": true},
                         "policyDocument": {"Statement": [
                            {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "%s"}]}}"""
                        .formatted(event.path("methodArn").asText()).getBytes(StandardCharsets.UTF_8);
                default -> decision.getBytes(StandardCharsets.UTF_8);
            });
        }
    }

    /** Answers with the event. */
    public static final class Echo implements RequestStreamHandler {

        /** Creates the function. */
        public Echo(Environment environment) {}

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            answer(out, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Answers with the request's body, word for word. */
    public static final class Say implements RequestStreamHandler {

        /** Creates the function. */
        public Say(Environment environment) {}

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            JsonNode event = JSON.readTree(in);
            out.write(event.path("body").asText().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Answers with the event as text and the data of the context; logs a line. */
    public static final class Describe implements RequestStreamHandler {

        /** Creates the function. */
        public Describe(Environment environment) {}

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            context.getLogger().log("described\n".getBytes(StandardCharsets.UTF_8));
            JSON.writeValue(out,
                    JSON.createObjectNode().put("event", new String(in.readAllBytes(), StandardCharsets.UTF_8))
                            .put("arn", context.getInvokedFunctionArn()).put("version", context.getFunctionVersion())
                            .put("request", context.getAwsRequestId()));
        }
    }

    /** Answers with the event's number of bytes. */
    public static final class Fill implements RequestStreamHandler {

        /** Creates the function. */
        public Fill(Environment environment) {}

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            var bytes = JSON.readTree(in).path("bytes").asInt();
            out.write(("\"" + "x".repeat(bytes - 2) + "\"").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Fails, and counts how often it was invoked. */
    public static final class Count implements RequestStreamHandler {

        /** Creates the function. */
        public Count(Environment environment) {}

        /** Counts down three invocations. */
        static final CountDownLatch INVOCATIONS = new CountDownLatch(3);

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) {
            INVOCATIONS.countDown();
            throw new IllegalStateException("counted");
        }
    }

    /** Fails. */
    public static final class Crash implements RequestStreamHandler {

        /** Creates the function. */
        public Crash(Environment environment) {}

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) {
            throw new IllegalStateException("crashed on purpose");
        }
    }

    /** Never answers. */
    public static final class Hang implements RequestStreamHandler {

        /** Creates the function. */
        public Hang(Environment environment) {}

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** Answers with its instance's number, once four invocations overlap; fails if two overlap in one instance. */
    public static final class Meet implements RequestStreamHandler {

        /** Creates the function. */
        public Meet(Environment environment) {}

        static final int PARTIES = 4;

        private static final CyclicBarrier MEETING = new CyclicBarrier(PARTIES);
        private static final AtomicInteger STARTED = new AtomicInteger();

        private final int number = STARTED.incrementAndGet();
        private final AtomicBoolean busy = new AtomicBoolean();

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            if (busy.getAndSet(true)) {
                throw new IllegalStateException("two invocations in one instance");
            }
            try {
                MEETING.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IOException(e);
            }
            busy.set(false);
            answer(out, Integer.toString(number));
        }
    }
}
