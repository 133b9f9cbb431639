package usersapi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import usersapi.bench.FunctionProcess.Start;
import usersapi.bench.reference.ByHand;
import usersapi.bench.reference.Floor;
import usersapi.standin.Events;
import usersapi.standin.Template.Function;
import usersapi.standin.Template;

/**
 * Measures how fast functions start and answer. Each runs in its own JVM on one core, as Lambda starts it, next to a
 * {@link ByHand} that makes the same calls of DynamoDB; the services run in this JVM on the other cores. A ratio is the
 * median of the rounds' ratios, because the load of the machine affects both. {@code mvn -Pbenchmark} runs it, on Linux.
 *
 * <p>System properties: {@code rounds}, {@code functions}, names separated by commas, by default all, and {@code tls},
 * whether the services use TLS.
 */
public final class ColdStartBenchmark {

    /** The runs of a function in one round, one after the other. */
    private record Round(FunctionRun floor, FunctionRun byHand, FunctionRun own, FunctionRun aotCache,
            Optional<FunctionRun> snapshot) {}

    private final Workload workload = new Workload();
    private final Map<String, String> environment;
    private final Map<String, Unpacked> zips = new HashMap<>();
    private final Unpacked byHand;
    private final Unpacked floor;

    private ColdStartBenchmark() throws IOException {
        environment = new HashMap<>(workload.environment());
        environment.put("BY_HAND_TABLE", workload.template().environment().get("CREDENTIALS_TABLE"));
        byHand = Unpacked.byHand(ByHand.class);
        floor = Unpacked.reference(Floor.class, "aws-lambda-java-core");
    }

    /** Prints the figures, a line for each function. */
    public static void main(String[] args) throws Exception {
        // Without it the server sends head and body separately, and the runtime's curl waits between them.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        FunctionProcess.leaveTheirCore();
        try {
            var benchmark = new ColdStartBenchmark();
            var only = System.getProperty("functions", "");
            benchmark.measure(Integer.getInteger("rounds", 3), benchmark.workload.template().functions().stream()
                    .filter(f -> only.isEmpty() || List.of(only.split(",")).contains(f.id())).toList());
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
        // The services' threads would keep this JVM alive.
        System.exit(0);
    }

    private void measure(int count, List<Function> functions) throws InterruptedException, IOException {
        head(count);
        spread(count, functions.getFirst());
        columns();
        for (var function : functions) {
            FunctionProcess.train(zip(function), function, events(function, 5), environment);
            var rounds = new ArrayList<Round>();
            for (int i = 0; i < count; i++) {
                rounds.add(round(function));
            }
            Files.delete(zip(function).aotCache(function));
            print(function, rounds);
        }
    }

    private Round round(Function function) throws InterruptedException {
        var environment = callsOf(function);
        var same = sameEvents();
        var floorRun = FunctionRun.of(floor, FunctionRun.withHandler(function, Floor.class.getName()), Start.ON_DEMAND,
                same.subList(0, 2), environment);
        var byHandRun = byHand(function, same, environment);
        var own = FunctionRun.of(zip(function), function, Start.ON_DEMAND,
                events(function, 1 + FunctionRun.WARMING + FunctionRun.WARM), environment);
        var aotCache = FunctionRun.of(zip(function), function, Start.AOT_CACHE, events(function, 2), environment);
        var snapshot = function.hasSnapshot()
                ? Optional.of(
                        FunctionRun.of(zip(function), function, Start.SNAPSHOT, events(function, 2), environment))
                : Optional.<FunctionRun>empty();
        return new Round(floorRun, byHandRun, own, aotCache, snapshot);
    }

    private FunctionRun byHand(Function function, List<String> events, Map<String, String> environment)
            throws InterruptedException {
        return FunctionRun.of(byHand, FunctionRun.withHandler(function, ByHand.class.getName()), Start.ON_DEMAND,
                events, environment);
    }

    private Map<String, String> callsOf(Function function) {
        var all = new HashMap<>(environment);
        all.put("CALLS", String.join(" ", workload.operations(function)));
        return all;
    }

    private static List<String> sameEvents() {
        return Stream.generate(() -> Events.read("get-current-user")).limit(1 + FunctionRun.WARMING + FunctionRun.WARM)
                .toList();
    }

    /** Prints how far two equal programs differ: smaller differences between other programs mean nothing. */
    private void spread(int count, Function function) throws InterruptedException {
        var first = new ArrayList<FunctionRun>();
        var second = new ArrayList<FunctionRun>();
        for (int i = 0; i < count; i++) {
            first.add(byHand(function, sameEvents(), callsOf(function)));
            second.add(byHand(function, sameEvents(), callsOf(function)));
        }
        System.out.printf("The spread, by hand / by hand: cold %s, processor time %s, warm p50 %s%n",
                FunctionRun.ratios(first, second, FunctionRun::cold),
                FunctionRun.ratios(first, second, FunctionRun::processorTime),
                FunctionRun.ratios(first, second, FunctionRun::warm));
    }

    private List<String> events(Function function, int count) {
        return Stream.generate(() -> workload.event(function)).limit(count).toList();
    }

    private Unpacked zip(Function function) {
        return zips.computeIfAbsent(function.codeUri(),
                zip -> Unpacked.of(Template.projectDirectory().resolve(zip)));
    }

    private void head(int count) {
        System.out.printf("%nCold starts%s: %s%n", Boolean.getBoolean("tls") ? " over TLS" : "",
                Machine.describe(count));
        workload.template().functions().stream().map(this::zip).distinct().forEach(zip -> System.out
                .printf(Locale.ROOT, "%s: %.1f MB%n", zip.name(), zip.bytes() / 1e6));
    }

    private static void columns() {
        System.out.println(
                """

                        | function | cold ms | x floor | x by hand | processor time x by hand | init + first ms | AOT cache x by hand | \
                        after priming ms | warm p50 ms (x by hand) | p99 ms | MB (x by hand) |
                        |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|""");
    }

    private static void print(Function function, List<Round> rounds) {
        System.out.printf(Locale.ROOT,
                "| `%s` | %.0f | %s | %s | %s | %.0f + %.0f | %s | %s | %.1f (%s) | %.1f | %.0f (%s) |%n",
                function.id(), median(rounds, r -> r.own.cold()),
                ratio(rounds, r -> r.own.cold() / r.floor.cold()),
                ratio(rounds, r -> r.own.cold() / r.byHand.cold()),
                ratio(rounds, r -> r.own.processorTime() / r.byHand.processorTime()),
                median(rounds, r -> r.own.ready()),
                median(rounds, r -> r.own.answers().getFirst()),
                ratio(rounds, r -> r.aotCache.cold() / r.byHand.cold()),
                function.hasSnapshot()
                        ? String.format(Locale.ROOT, "%.0f, then %.0f",
                                median(rounds, r -> r.snapshot.orElseThrow().answers().getFirst()),
                                median(rounds, r -> r.snapshot.orElseThrow().answers().getLast()))
                        : "",
                median(rounds, r -> r.own.warm(0.5)), ratio(rounds, r -> r.own.warm(0.5) / r.byHand.warm(0.5)),
                median(rounds, r -> r.own.warm(0.99)), median(rounds, r -> r.own.memory()),
                ratio(rounds, r -> r.own.memory() / r.byHand.memory()));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return FunctionRun.median(rounds, figure);
    }

    private static String ratio(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return String.format(Locale.ROOT, "%.2f", median(rounds, figure));
    }
}
