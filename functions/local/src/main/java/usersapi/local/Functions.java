package usersapi.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import usersapi.config.Environment;
import usersapi.standin.LocalContext;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/**
 * Runs the template's functions as Lambda does: an instance serves one invocation at a time, and overlapping invocations get
 * further instances, up to a maximum.
 */
final class Functions implements AutoCloseable {

    /** The maximum of instances of one function; more would take memory and not answer sooner. Further invocations wait. */
    private static final int MAX_INSTANCES = 8;

    /**
     * Lambda's limits for synchronous invocations.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>
     */
    static final int MAX_EVENT_BYTES = 6 * 1024 * 1024;

    private static final int MAX_ANSWER_BYTES = MAX_EVENT_BYTES + 100;

    private record Instances(Template.Function function, Constructor<? extends RequestStreamHandler> constructor,
            Deque<RequestStreamHandler> idle, Semaphore free) {}

    /**
     * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html, unless the template says otherwise.
     */
    private static final int ASYNCHRONOUS_RETRIES = 2;

    private final Map<String, Instances> functions = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Functions(Collection<Template.Function> declared) {
        for (var function : declared) {
            functions.put(function.id(), new Instances(function, constructor(function), new ConcurrentLinkedDeque<>(),
                    new Semaphore(MAX_INSTANCES)));
        }
    }

    private static Constructor<? extends RequestStreamHandler> constructor(Template.Function function) {
        try {
            return Class.forName(function.handler()).asSubclass(RequestStreamHandler.class)
                    .getConstructor(Environment.class);
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new UnsupportedTemplateException(
                    "%s.Handler: %s is not a RequestStreamHandler with a public constructor that takes an Environment (%s)"
                            .formatted(function.id(), function.handler(), e));
        }
    }

    /** Invokes the function of this logical id and waits for its answer. */
    byte[] invoke(String id, byte[] event) throws FunctionFailedException {
        return invoke(Invocation.of(instances(id).function()), event);
    }

    /** Invokes a function and waits for its answer. */
    byte[] invoke(Invocation invocation, byte[] event) throws FunctionFailedException {
        var instances = instances(invocation.function());
        var function = instances.function();
        var context = new LocalContext(invocation.requestId(), function.id(), invocation.qualifier(),
                invocation.version(), function.timeout(), function.memory(), invocation.log());
        instances.free().acquireUninterruptibly();
        try {
            var idle = instances.idle().poll();
            var answer = invoke(instances, idle == null ? started(instances, context) : idle, context, event);
            if (answer.length > MAX_ANSWER_BYTES) {
                throw new FunctionFailedException("Function.ResponseSizeTooLarge",
                        "Response payload size exceeded maximum allowed payload size (%d bytes)."
                                .formatted(MAX_ANSWER_BYTES));
            }
            return answer;
        } finally {
            instances.free().release();
        }
    }

    private Instances instances(String id) {
        return Optional.ofNullable(functions.get(id))
                .orElseThrow(() -> new UnsupportedTemplateException("Resources: no function " + id));
    }

    /** Invokes a function without waiting. If the function fails, it is tried twice more, as on Lambda, but without a delay. */
    void start(Invocation invocation, byte[] event) {
        threads.execute(() -> {
            for (int attempt = 0; attempt <= ASYNCHRONOUS_RETRIES; attempt++) {
                try {
                    invoke(invocation, event);
                    return;
                } catch (FunctionFailedException logged) {
                    // The log has the exception.
                }
            }
        });
    }

    private byte[] invoke(Instances instances, RequestStreamHandler handler, LocalContext context, byte[] event)
            throws FunctionFailedException {
        var timeout = instances.function().timeout();
        var run = threads.submit(() -> {
            var answer = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), answer, context);
            return answer.toByteArray();
        });
        try {
            var answer = run.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            instances.idle().push(handler);
            return answer;
        } catch (ExecutionException e) {
            instances.idle().push(handler);
            throw failed(context, e.getCause());
        } catch (TimeoutException e) {
            // Lambda ends the instance. Here the thread is interrupted, and the instance is not used again.
            run.cancel(true);
            var message = "Task timed out after %d.00 seconds".formatted(timeout.toSeconds());
            context.getLogger().log("%s %s".formatted(context.getAwsRequestId(), message));
            throw new FunctionFailedException("Sandbox.Timedout",
                    "RequestId: %s Error: %s".formatted(context.getAwsRequestId(), message));
        } catch (InterruptedException e) {
            run.cancel(true);
            Thread.currentThread().interrupt();
            throw new FunctionFailedException("Sandbox.Failure", "The server is stopping");
        }
    }

    private static RequestStreamHandler started(Instances instances, LocalContext context)
            throws FunctionFailedException {
        try {
            var variables = new HashMap<>(instances.function().environment());
            variables.put("AWS_LAMBDA_FUNCTION_NAME", instances.function().id());
            Environment environment = variables::get;
            return instances.constructor().newInstance(environment);
        } catch (InvocationTargetException e) {
            throw failed(context, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw failed(context, e);
        }
    }

    /** Logs the function's exception, as Lambda does. */
    private static FunctionFailedException failed(LocalContext context, Throwable thrown) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        context.getLogger().log("%s %s failed: %s".formatted(context.getAwsRequestId(), context.getFunctionName(),
                trace.toString().strip()));
        return new FunctionFailedException(thrown.getClass().getName(), thrown.getMessage());
    }

    /** The function of this name, which is its logical id here. */
    Optional<Template.Function> find(String name) {
        return Optional.ofNullable(functions.get(name)).map(Instances::function);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
