package usersapi.bench;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import usersapi.system.Load;

/**
 * Measures the API under load, with clients, local server, functions and DynamoDB Local in one JVM. {@code mvn -Pbenchmark}
 * runs it; the machine's load is in the figures, so compare them within one run.
 */
public final class LoadBenchmark {

    private static final int CLIENTS = 8;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(20);

    private LoadBenchmark() {}

    /** Prints the figures, or fails if an answer or the final state is wrong. */
    public static void main(String[] args) throws Exception {
        var out = System.out;
        // The server logs each request to standard output.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        var load = new Load(CLIENTS);
        load.run(WARM_UP);
        load.run(MEASURED);
        var figures = load.figures();
        load.check();
        out.printf("%nThe API under load, JDK %s, %d processors: every answer the right one%n%s", Runtime.version(),
                Runtime.getRuntime().availableProcessors(), figures);
        System.exit(0);
    }
}
