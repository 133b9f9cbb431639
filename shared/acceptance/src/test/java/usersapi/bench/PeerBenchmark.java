package usersapi.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import usersapi.bench.FunctionProcess.Start;
import usersapi.bench.reference.GetUserByHand;
import usersapi.standin.Template;
import usersapi.standin.Template.Function;

/**
 * Measures functions of this project beside the functions of {@code shared/peers}, which read one item in other frameworks,
 * and beside {@link GetUserByHand}, which does so without one. Each round runs all of them, one after the other; a ratio is
 * the median of the rounds' ratios. {@code GetUserByHand} runs twice: its second row shows how far two equal programs differ.
 * {@code mvn -Pbenchmark -Dpeers} runs it, on Linux.
 *
 * <p>System properties: {@code rounds} and {@code tls}, as of {@link ColdStartBenchmark}.
 */
public final class PeerBenchmark {

    private static final String EVENT = "GetCurrentUser";
    /** The read of one item, and the call that all others build on. */
    private static final List<String> OWN = List.of("GetSettings", EVENT);
    private static final int WARM = 200;

    /**
     * A function to measure.
     *
     * @param function its event and environment are those of its id
     * @param environment further variables
     */
    private record Candidate(String name, Unpacked zip, Function function, Map<String, String> environment) {}

    private final Workload workload = new Workload();
    private final List<Candidate> candidates = new ArrayList<>();

    private PeerBenchmark() throws IOException {
        var byHand = Unpacked.byHand(GetUserByHand.class);
        var handler = GetUserByHand.class.getName();
        candidates.add(candidate("by hand", byHand, handler, Map.of()));
        candidates.add(candidate("by hand, again", byHand, handler, Map.of()));
        for (var id : OWN) {
            var function = workload.template().function(id);
            candidates.add(new Candidate(
                    "`%s`, %d calls".formatted(id, workload.operations(function).size()).replace(" 1 calls", " 1 call"),
                    Unpacked.of(Template.projectDirectory().resolve(function.codeUri())), function, Map.of()));
        }
        candidates.add(peer("Quarkus", "quarkus/target/function.zip",
                "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest", Map.of()));
        candidates.add(peer("Micronaut", "micronaut/target/peer-micronaut.zip", "usersapi.peer.GetUser", Map.of()));
        candidates.add(peer("Spring Boot", "spring-boot/target/peer-spring-boot.zip",
                "org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest",
                Map.of("MAIN_CLASS", "usersapi.peer.Application")));
    }

    /** Prints the figures, a line for each function. */
    public static void main(String[] args) throws Exception {
        // Without it the server sends head and body separately, and the runtime's curl waits between them.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        FunctionProcess.leaveTheirCore();
        try {
            new PeerBenchmark().measure(Integer.getInteger("rounds", 3));
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
        // The services' threads would keep this JVM alive.
        System.exit(0);
    }

    private Candidate peer(String name, String zip, String handler, Map<String, String> environment) {
        return candidate(name, Unpacked.of(Template.projectDirectory().resolve("shared/peers").resolve(zip)), handler,
                environment);
    }

    private Candidate candidate(String name, Unpacked zip, String handler, Map<String, String> environment) {
        return new Candidate(name, zip, FunctionRun.withHandler(workload.template().function(EVENT), handler),
                environment);
    }

    private void measure(int count) throws InterruptedException, IOException {
        var environment = workload.environment();
        var rounds = new ArrayList<Map<Candidate, FunctionRun>>();
        for (int i = 0; i < count; i++) {
            var round = new LinkedHashMap<Candidate, FunctionRun>();
            for (var candidate : candidates) {
                var variables = new LinkedHashMap<>(environment);
                variables.putAll(candidate.environment());
                var events = Stream
                        .generate(() -> workload.event(workload.template().function(candidate.function().id())))
                        .limit(1 + WARM).toList();
                round.put(candidate, FunctionRun.of(candidate.zip(), candidate.function(), Start.ON_DEMAND, events,
                        variables));
            }
            rounds.add(round);
        }
        System.out.printf("%nFunctions of other frameworks%s: %s%n", Boolean.getBoolean("tls") ? " over TLS" : "",
                Machine.describe(count));
        System.out.println(
                """

                        | function | cold ms | x by hand | processor ms | x by hand | classes | warm p50 ms | x by hand | \
                        processor ms of a warm answer | x by hand | zip MB | MB |
                        |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|""");
        for (var candidate : candidates) {
            var runs = rounds.stream().map(round -> round.get(candidate)).toList();
            print(candidate, runs, rounds.stream().map(round -> round.get(candidates.getFirst())).toList());
        }
    }

    private static void print(Candidate candidate, List<FunctionRun> runs, List<FunctionRun> byHand) {
        System.out.printf(Locale.ROOT,
                "| %s | %.0f | %s | %.0f | %s | %,.0f | %.1f | %s | %.1f | %s | %.1f | %.0f |%n", candidate.name(),
                FunctionRun.median(runs, FunctionRun::cold), FunctionRun.ratios(runs, byHand, FunctionRun::cold),
                FunctionRun.median(runs, FunctionRun::processorTime),
                FunctionRun.ratios(runs, byHand, FunctionRun::processorTime),
                FunctionRun.median(runs, FunctionRun::classes), FunctionRun.median(runs, FunctionRun::warm),
                FunctionRun.ratios(runs, byHand, FunctionRun::warm),
                FunctionRun.median(runs, FunctionRun::warmProcessorTime),
                FunctionRun.ratios(runs, byHand, FunctionRun::warmProcessorTime), candidate.zip().bytes() / 1e6,
                FunctionRun.median(runs, FunctionRun::memory));
    }
}
