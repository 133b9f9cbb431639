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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import usersapi.testing.LocalContext;
import usersapi.testing.Template;
import usersapi.testing.UnsupportedTemplateException;

/**
 * The template's functions, run as Lambda runs them: an instance serves one invocation at a time, and as many instances are
 * made as invocations overlap, up to a number.
 */
final class Functions implements AutoCloseable {

    /** More instances of one function than these take memory and answer no sooner; further invocations wait. */
    private static final int MOST_INSTANCES = 8;

    private record Instances(Template.Function function, Constructor<? extends RequestStreamHandler> constructor,
            Deque<RequestStreamHandler> idle, Semaphore free) {}

    private final Map<String, Instances> functions = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Functions(Collection<Template.Function> declared) {
        for (var function : declared) {
            functions.put(function.id(), new Instances(function, constructor(function), new ConcurrentLinkedDeque<>(),
                    new Semaphore(MOST_INSTANCES)));
        }
    }

    private static Constructor<? extends RequestStreamHandler> constructor(Template.Function function) {
        try {
            return Class.forName(function.handler()).asSubclass(RequestStreamHandler.class).getConstructor();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new UnsupportedTemplateException(
                    "%s.Handler: %s is no RequestStreamHandler with a public constructor without arguments (%s)"
                            .formatted(function.id(), function.handler(), e));
        }
    }

    /** Invokes the function of this logical id and waits for its answer. */
    byte[] invoke(String id, byte[] event) throws FunctionFailedException {
        var instances = functions.get(id);
        if (instances == null) {
            throw new UnsupportedTemplateException("Resources: no function " + id);
        }
        instances.free().acquireUninterruptibly();
        try {
            var handler = instances.idle().poll();
            return invoke(instances, handler == null ? started(instances) : handler, event);
        } finally {
            instances.free().release();
        }
    }

    private byte[] invoke(Instances instances, RequestStreamHandler handler, byte[] event)
            throws FunctionFailedException {
        var function = instances.function();
        var context = context(function);
        var run = threads.submit(() -> {
            var answer = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), answer, context);
            return answer.toByteArray();
        });
        try {
            var answer = run.get(function.timeout().toMillis(), TimeUnit.MILLISECONDS);
            instances.idle().push(handler);
            return answer;
        } catch (ExecutionException e) {
            instances.idle().push(handler);
            throw failed(context, e.getCause());
        } catch (TimeoutException e) {
            // Lambda ends the instance; here the thread is told to stop, and the instance is not used again.
            run.cancel(true);
            context.getLogger().log("%s Task timed out after %d.00 seconds".formatted(context.getAwsRequestId(),
                    function.timeout().toSeconds()));
            throw new FunctionFailedException("Task timed out");
        } catch (InterruptedException e) {
            run.cancel(true);
            Thread.currentThread().interrupt();
            throw new FunctionFailedException("The server is stopping");
        }
    }

    private static RequestStreamHandler started(Instances instances) throws FunctionFailedException {
        try {
            return instances.constructor().newInstance();
        } catch (InvocationTargetException e) {
            throw failed(context(instances.function()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw failed(context(instances.function()), e);
        }
    }

    /** What the function logs goes to standard output. */
    private static LocalContext context(Template.Function function) {
        return new LocalContext(function.id(), function.timeout(), function.memory(), System.out::println);
    }

    /** Logs what the function threw, as Lambda does. */
    private static FunctionFailedException failed(LocalContext context, Throwable thrown) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        context.getLogger().log("%s %s failed: %s".formatted(context.getAwsRequestId(), context.getFunctionName(),
                trace.toString().strip()));
        return new FunctionFailedException(String.valueOf(thrown.getMessage()));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
