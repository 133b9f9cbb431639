package usersapi.bench;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import usersapi.system.Load;

/**
 * What the API does when many are at it: everything in one JVM, clients, local server, functions and DynamoDB Local. {@code
 * mvn -Pbenchmark} runs it; the machine's load is in the figures, so compare them within one run.
 */
public final class LoadBenchmark {

    private static final int CLIENTS = 8;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(20);

    private LoadBenchmark() {}

    /** Prints the figures, unless an answer was not the right one or something does not add up. */
    public static void main(String[] args) throws Exception {
        var out = System.out;
        // The server writes a line about each request there.
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
