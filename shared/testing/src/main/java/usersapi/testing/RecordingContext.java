package usersapi.testing;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import usersapi.standin.LocalContext;

/** The context of invocations in a test. It keeps the function's log lines, each of which must be a {@link LogLine}. */
public final class RecordingContext extends LocalContext {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** A context for the function of that name. */
    public RecordingContext(String functionName) {
        this(functionName, Duration.ofMinutes(1));
    }

    /** A context whose invocation has this time from now on. */
    public RecordingContext(String functionName, Duration timeout) {
        super(functionName, timeout, 1_024, line -> {});
    }

    /** Invokes a function with an event as Lambda does, and returns its answer. */
    public String invoke(RequestStreamHandler function, String event) {
        var out = new ByteArrayOutputStream();
        PermissionRecorder.HANDLER.set(function.getClass());
        try {
            function.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            PermissionRecorder.HANDLER.remove();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The lines that were logged so far, without their ends. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public LambdaLogger getLogger() {
        return new LambdaLogger() {

            @Override
            public void log(String message) {
                throw new AssertionError("Lambda would wrap a string into another object: " + message);
            }

            @Override
            public void log(byte[] message) {
                var text = new String(message, StandardCharsets.UTF_8);
                if (!text.endsWith("\n")) {
                    throw new AssertionError("a line without a newline at its end: " + text);
                }
                var line = text.substring(0, text.length() - 1);
                LogLine.of(line);
                lines.add(line);
            }
        };
    }
}
