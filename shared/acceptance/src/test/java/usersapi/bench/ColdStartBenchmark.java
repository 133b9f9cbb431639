package usersapi.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import software.amazon.awssdk.core.util.VersionInfo;
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

    private static final int WARMING = 100;
    private static final int WARM = 100;

    /**
     * One process.
     *
     * @param ready milliseconds from its start until it asked for an event
     * @param answers milliseconds from each event to its answer
     * @param processorTime milliseconds of processor time until the first answer
     * @param memory the largest resident memory, in MB
     */
    private record Run(double ready, List<Double> answers, double processorTime, double memory) {

        double cold() {
            return ready + answers.getFirst();
        }

        /** The percentile of the warm answers, which are those after the first one and a hundred more. */
        double warm(double share) {
            var sorted = answers.stream().skip(1 + WARMING).sorted().toList();
            return sorted.get((int) Math.ceil(sorted.size() * share) - 1);
        }
    }

    /** The runs of a function in one round, one after the other. */
    private record Round(Run floor, Run byHand, Run own, Run aotCache, Optional<Run> snapshot) {}

    private final Workload workload = new Workload();
    private final Map<String, String> environment;
    private final Map<String, Unpacked> zips = new HashMap<>();
    private final Unpacked byHand;
    private final Unpacked floor;

    private ColdStartBenchmark() throws IOException {
        environment = new HashMap<>(workload.environment());
        environment.put("BY_HAND_TABLE", workload.template().environment().get("CREDENTIALS_TABLE"));
        byHand = Unpacked.reference(ByHand.class, "aws-lambda-java-core", "slf4j-api", "slf4j-nop", "reactive-streams",
                "(?!dynamodb-enhanced|secretsmanager)[a-z-]+(?=-%s)".formatted(VersionInfo.SDK_VERSION));
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
        var environment = new HashMap<>(this.environment);
        environment.put("CALLS", String.join(" ", workload.operations(function)));
        var same = Stream.generate(() -> Events.read("get-current-user")).limit(1 + WARMING + WARM).toList();
        var floorRun = run(floor, as(function, Floor.class), Start.ON_DEMAND, same.subList(0, 2), environment);
        var byHandRun = run(byHand, as(function, ByHand.class), Start.ON_DEMAND, same, environment);
        var own = run(zip(function), function, Start.ON_DEMAND, events(function, 1 + WARMING + WARM), environment);
        var aotCache = run(zip(function), function, Start.AOT_CACHE, events(function, 2), environment);
        var snapshot = function.hasSnapshot()
                ? Optional.of(run(zip(function), function, Start.SNAPSHOT, events(function, 2), environment))
                : Optional.<Run>empty();
        return new Round(floorRun, byHandRun, own, aotCache, snapshot);
    }

    private List<String> events(Function function, int count) {
        return Stream.generate(() -> workload.event(function)).limit(count).toList();
    }

    private static Run run(Unpacked zip, Function function, Start start, List<String> events,
            Map<String, String> environment) throws InterruptedException {
        try (var process = FunctionProcess.start(zip, function, start, environment)) {
            double ready = process.awaitReady();
            var answers = new ArrayList<>(List.of(process.invoke(events.getFirst())));
            double processorTime = process.processorTime();
            for (var event : events.subList(1, events.size())) {
                process.awaitReady();
                answers.add(process.invoke(event));
            }
            return new Run(ready, answers, processorTime, process.peakMemory());
        } catch (IllegalStateException e) {
            throw new IllegalStateException("%s, see %s".formatted(function.handler(), zip.log()), e);
        }
    }

    private Unpacked zip(Function function) {
        return zips.computeIfAbsent(function.codeUri(),
                zip -> Unpacked.of(Template.projectDirectory().resolve(zip)));
    }

    /** The same function with another handler. */
    private static Function as(Function function, Class<?> handler) {
        return new Function(function.id(), handler.getName(), function.codeUri(), function.timeout(),
                function.memory(), function.architecture(), function.alias(), function.hasSnapshot(),
                function.environment(),
                function.routes(), function.streams(), function.policies());
    }

    private void head(int count) throws IOException {
        var processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name")).findFirst().orElse("");
        System.out.printf(Locale.ROOT, "%nCold starts%s: %d rounds, JDK %s, %d cores, %s, load %.1f%n",
                Boolean.getBoolean("tls") ? " over TLS" : "", count,
                Runtime.version(), FunctionProcess.CORES,
                processor.replaceFirst(".*: ", ""),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        workload.template().functions().stream().map(this::zip).distinct().forEach(zip -> System.out
                .printf(Locale.ROOT, "%s: %.1f MB%n", zip.name(), zip.bytes() / 1e6));
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
                median(rounds, r -> r.own.answers.getFirst()),
                ratio(rounds, r -> r.aotCache.cold() / r.byHand.cold()),
                function.hasSnapshot()
                        ? String.format(Locale.ROOT, "%.0f, then %.0f",
                                median(rounds, r -> r.snapshot.orElseThrow().answers.getFirst()),
                                median(rounds, r -> r.snapshot.orElseThrow().answers.getLast()))
                        : "",
                median(rounds, r -> r.own.warm(0.5)), ratio(rounds, r -> r.own.warm(0.5) / r.byHand.warm(0.5)),
                median(rounds, r -> r.own.warm(0.99)), median(rounds, r -> r.own.memory()),
                ratio(rounds, r -> r.own.memory() / r.byHand.memory()));
    }

    private static String ratio(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return String.format(Locale.ROOT, "%.2f", median(rounds, figure));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        var sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
