package usersapi.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import usersapi.standin.Template;

/**
 * A function in a JVM of its own, as Lambda starts it with 1,024 MB: under its runtime interface client, on one core.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html">Java runtime startup</a>
 */
final class FunctionProcess implements AutoCloseable {

    /** The ways to start a process. */
    enum Start {
        /** From a zip, on demand: C1 only. */
        ON_DEMAND,
        /** From a zip, for SnapStart: with all compilers, and primed. */
        SNAPSHOT,
        /** From a container image with the JDK's AOT cache, which covers the class path only. */
        AOT_CACHE
    }

    /** The machine's number of cores, before this JVM leaves one. */
    static final int CORES = Runtime.getRuntime().availableProcessors();

    private final RuntimeApi api;
    private final long spawned;
    private final Process process;

    private FunctionProcess(Unpacked zip, Template.Function function, Start start, List<String> flags,
            Map<String, String> environment) {
        api = new RuntimeApi(function.timeout());
        var command = new ArrayList<>(
                List.of("taskset", "-c", Integer.toString(CORES - 1), java(), "-XX:MaxHeapSize=891290k",
                        "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true", "--enable-native-access=ALL-UNNAMED",
                        "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI="
                                + Unpacked.nativeClient()));
        command.addAll(flags);
        if (start != Start.SNAPSHOT) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of("-classpath",
                start == Start.AOT_CACHE ? Unpacked.runtime() + ":" + zip.classPath() : Unpacked.runtime(),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", function.handler()));
        var builder = new ProcessBuilder(command).directory(zip.root().toFile()).redirectErrorStream(true)
                .redirectOutput(zip.log().toFile());
        builder.environment().putAll(environment(zip, function, start, environment));
        try {
            spawned = System.nanoTime();
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Limits this JVM to all cores but one, which is for the processes. */
    static void leaveTheirCore() throws InterruptedException {
        try {
            new ProcessBuilder("taskset", "-apc", "0-" + (CORES - 2), Long.toString(ProcessHandle.current().pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a function; with an AOT cache if its zip has one. */
    static FunctionProcess start(Unpacked zip, Template.Function function, Start start,
            Map<String, String> environment) {
        var flags = start == Start.AOT_CACHE ? List.of("-XX:AOTCache=" + zip.aotCache(function)) : List.<String>of();
        return new FunctionProcess(zip, function, start, flags, environment);
    }

    /** Makes a function's AOT cache from the classes that these events load. */
    static void train(Unpacked zip, Template.Function function, List<String> events, Map<String, String> environment)
            throws InterruptedException {
        try (var trained = new FunctionProcess(zip, function, Start.AOT_CACHE,
                List.of("-XX:AOTCacheOutput=" + zip.aotCache(function)), environment)) {
            for (var event : events) {
                trained.api.awaitReady();
                trained.api.invoke(event);
            }
        }
        if (!Files.exists(zip.aotCache(function))) {
            throw new IllegalStateException("no AOT cache of %s, see %s".formatted(function.id(), zip.log()));
        }
    }

    private Map<String, String> environment(Unpacked zip, Template.Function function, Start start,
            Map<String, String> environment) {
        var all = new HashMap<>(function.environment());
        all.putAll(environment);
        all.putAll(Map.of("AWS_LAMBDA_RUNTIME_API", api.authority(), "LAMBDA_TASK_ROOT", zip.root().toString(),
                "AWS_LAMBDA_FUNCTION_NAME", function.id(), "AWS_LAMBDA_FUNCTION_VERSION", "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memory()), "AWS_LAMBDA_LOG_FORMAT",
                "JSON", "_HANDLER", function.handler(), "AWS_REGION", "us-east-1"));
        if (start == Start.SNAPSHOT) {
            all.putAll(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start",
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://" + api.authority() + "/credentials"));
        } else {
            all.putAll(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand", "AWS_ACCESS_KEY_ID", "local",
                    "AWS_SECRET_ACCESS_KEY", "local", "AWS_SESSION_TOKEN", "local"));
        }
        return all;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Waits until the function is ready; returns the milliseconds since the start of its process. */
    double awaitReady() throws InterruptedException {
        return (api.awaitReady() - spawned) / 1e6;
    }

    /** Invokes the ready function; returns the milliseconds from event to answer. */
    double invoke(String event) throws InterruptedException {
        return api.invoke(event).toNanos() / 1e6;
    }

    /** The processor time of the process so far, in milliseconds. */
    double processorTime() {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }

    /** The number of classes that are loaded in the process now. */
    int loadedClasses() throws InterruptedException {
        try {
            // It reads the JVM's counters from a file, so the process does no work for it.
            var jstat = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jstat").toString(),
                    "-class",
                    Long.toString(process.pid())).start();
            var values = new String(jstat.getInputStream().readAllBytes(), US_ASCII).lines().skip(1).findFirst();
            jstat.waitFor();
            return values.map(line -> Integer.parseInt(line.strip().replaceFirst(" .*", ""))).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The largest resident memory of the process so far, in MB. */
    double peakMemory() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:")).findFirst()
                    .map(line -> Integer.parseInt(line.replaceAll("\\D", ""))).orElseThrow() / 1_024.0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process regularly, because the AOT cache is written at the end. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
