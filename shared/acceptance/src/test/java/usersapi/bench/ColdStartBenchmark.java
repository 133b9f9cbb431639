package usersapi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import usersapi.bench.FunctionProcess.Start;
import usersapi.bench.reference.ByHand;
import usersapi.standin.Events;
import usersapi.standin.Template.Function;
import usersapi.standin.Template;

/**
 * Measures how fast functions start and answer. Each runs in its own JVM on one core, as Lambda starts it, next to a
 * {@link ByHand} that asks the same of the services, and to one that makes the calls of DynamoDB alone. The services run in
 * this JVM on the other cores. A ratio is the median of the rounds' ratios, because the load of the machine affects both.
 * {@code mvn -Pbenchmark} runs it, on Linux.
 *
 * <p>System properties: {@code rounds}, {@code functions}, names separated by commas, by default all, {@code tls}, whether
 * the services use TLS, and {@code calls}, the number of answers of a process after its first one.
 */
public final class ColdStartBenchmark {

    /** The runs of a function in one round, one after the other. */
    private record Round(FunctionRun byHand, FunctionRun callsAlone, FunctionRun own, FunctionRun aotCache,
            Optional<FunctionRun> snapshot) {}

    /** A function's rounds. */
    private record Measured(Function function, List<Round> rounds) {

        List<FunctionRun> runs(java.util.function.Function<Round, FunctionRun> which) {
            return rounds.stream().map(which).toList();
        }
    }

    private final int calls = Integer.getInteger("calls", 200);
    private final Workload workload = new Workload();
    private final Map<String, String> environment;
    private final Map<String, Unpacked> zips = new HashMap<>();
    private final Map<List<Boolean>, Unpacked> byHand = new HashMap<>();
    private final Unpacked callsAlone = Unpacked.byHand(ByHand.class);

    private ColdStartBenchmark() throws IOException {
        environment = new HashMap<>(workload.environment());
        environment.put("BY_HAND_TABLE", workload.template().environment().get("CREDENTIALS_TABLE"));
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
        System.out.println(
                """

                        | function | processor ms | x by hand | x calls alone | cold ms | x by hand | \
                        AOT cache x by hand | primed ms | MB (x by hand) |
                        |---|---:|---:|---:|---:|---:|---:|---:|---:|""");
        var all = new ArrayList<Measured>();
        for (var function : functions) {
            var byHand = workload.callsByHand(function);
            var alone = CallsByHand.alone(workload.operations(function));
            FunctionProcess.train(zip(function), function, events(function, 5), environment);
            var rounds = new ArrayList<Round>();
            for (int i = 0; i < count; i++) {
                rounds.add(round(function, byHand, alone));
            }
            Files.delete(zip(function).aotCache(function));
            all.add(new Measured(function, rounds));
            printCold(all.getLast());
        }
        System.out.printf("%nThe first %d answers after the cold start:%n", calls);
        System.out.println(
                """

                        | function | processor ms each | x by hand | p50 ms | x by hand | p99 ms |
                        |---|---:|---:|---:|---:|---:|""");
        all.forEach(ColdStartBenchmark::printWarm);
        System.out.printf("%n%s%n", Machine.describe(count));
    }

    private Round round(Function function, CallsByHand byHand, CallsByHand alone) throws InterruptedException {
        var byHandRun = byHand(function, byHand);
        var aloneRun = byHand(callsAlone, function, alone, 1);
        var own = FunctionRun.of(zip(function), function, Start.ON_DEMAND, events(function, 1 + calls), environment);
        var aotCache = FunctionRun.of(zip(function), function, Start.AOT_CACHE, events(function, 2), environment);
        var snapshot = function.hasSnapshot()
                ? Optional.of(
                        FunctionRun.of(zip(function), function, Start.SNAPSHOT, events(function, 2), environment))
                : Optional.<FunctionRun>empty();
        return new Round(byHandRun, aloneRun, own, aotCache, snapshot);
    }

    private FunctionRun byHand(Function function, CallsByHand calls) throws InterruptedException {
        var zip = byHand.computeIfAbsent(List.of(calls.fetchSecret(), calls.askStripe(), calls.askProvider()),
                _ -> Unpacked.byHand(ByHand.class, calls));
        return byHand(zip, function, calls, 1 + this.calls);
    }

    private FunctionRun byHand(Unpacked zip, Function function, CallsByHand calls, int count)
            throws InterruptedException {
        var variables = new HashMap<>(environment);
        variables.put("CALLS", calls.text());
        // Each sign-in has its own code, a signature can be verified again.
        var events = calls.askProvider()
                ? Stream.generate(() -> workload.eventByHand(function)).limit(count).toList()
                : Collections.nCopies(count, workload.eventByHand(function));
        return FunctionRun.of(zip, FunctionRun.withHandler(function, ByHand.class.getName()), Start.ON_DEMAND,
                events, variables);
    }

    /** Prints how far two equal programs differ: smaller differences between other programs mean nothing. */
    private void spread(int count, Function function) throws InterruptedException {
        var byHand = workload.callsByHand(function);
        var first = new ArrayList<FunctionRun>();
        var second = new ArrayList<FunctionRun>();
        for (int i = 0; i < count; i++) {
            first.add(byHand(function, byHand));
            second.add(byHand(function, byHand));
        }
        System.out.printf("The spread, by hand / by hand: cold %s, processor time %s, warm p50 %s, processor time %s%n",
                FunctionRun.ratios(first, second, FunctionRun::cold),
                FunctionRun.ratios(first, second, FunctionRun::processorTime),
                FunctionRun.ratios(first, second, FunctionRun::warm),
                FunctionRun.ratios(first, second, FunctionRun::warmProcessorTime));
    }

    /** Events for a process; where an invocation only reads, it gets the same ones again and again. */
    private List<String> events(Function function, int count) {
        int different = workload.onlyReads(function) ? Math.min(count, 20) : count;
        var events = Stream.generate(() -> workload.event(function)).limit(different).toList();
        return IntStream.range(0, count).mapToObj(i -> events.get(i % different)).toList();
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

    private static void printCold(Measured measured) {
        var own = measured.runs(Round::own);
        var byHand = measured.runs(Round::byHand);
        var snapshots = measured.rounds().stream().flatMap(round -> round.snapshot().stream()).toList();
        System.out.printf(Locale.ROOT, "| `%s` | %.0f | %s | %s | %.0f | %s | %s | %s | %.0f (%s) |%n",
                measured.function().id(), FunctionRun.median(own, FunctionRun::processorTime),
                FunctionRun.ratios(own, byHand, FunctionRun::processorTime),
                FunctionRun.ratios(own, measured.runs(Round::callsAlone), FunctionRun::processorTime),
                FunctionRun.median(own, FunctionRun::cold), FunctionRun.ratios(own, byHand, FunctionRun::cold),
                FunctionRun.ratio(measured.runs(Round::aotCache), byHand, FunctionRun::processorTime),
                snapshots.isEmpty()
                        ? ""
                        : String.format(Locale.ROOT, "%.0f, then %.0f",
                                FunctionRun.median(snapshots, run -> run.answers().getFirst()),
                                FunctionRun.median(snapshots, run -> run.answers().getLast())),
                FunctionRun.median(own, FunctionRun::memory), FunctionRun.ratio(own, byHand, FunctionRun::memory));
    }

    private static void printWarm(Measured measured) {
        var own = measured.runs(Round::own);
        var byHand = measured.runs(Round::byHand);
        System.out.printf(Locale.ROOT, "| `%s` | %.2f | %s | %.1f | %s | %.1f |%n", measured.function().id(),
                FunctionRun.median(own, FunctionRun::warmProcessorTime),
                FunctionRun.ratios(own, byHand, FunctionRun::warmProcessorTime),
                FunctionRun.median(own, FunctionRun::warm), FunctionRun.ratios(own, byHand, FunctionRun::warm),
                FunctionRun.median(own, run -> run.warm(0.99)));
    }
}
