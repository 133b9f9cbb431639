package usersapi.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import usersapi.bench.FunctionProcess.Start;
import usersapi.standin.Template.Function;

/**
 * What was measured of one process of a function.
 *
 * @param ready milliseconds from its start until it asked for an event
 * @param answers milliseconds from each event to its answer
 * @param processorTime milliseconds of processor time until the first answer
 * @param warmProcessorTime milliseconds of processor time for each further answer
 * @param classes the number of classes that were loaded until the first answer
 * @param memory the largest resident memory, in MB
 */
record FunctionRun(double ready, List<Double> answers, double processorTime, double warmProcessorTime,
        int classes, double memory) {

    /** Starts a function and passes it these events, one after the other. */
    static FunctionRun of(Unpacked zip, Function function, Start start, List<String> events,
            Map<String, String> environment) throws InterruptedException {
        try (var process = FunctionProcess.start(zip, function, start, environment)) {
            double ready = process.awaitReady();
            var answers = new ArrayList<>(List.of(process.invoke(events.getFirst())));
            double processorTime = process.processorTime();
            int classes = process.loadedClasses();
            for (var event : events.subList(1, events.size())) {
                process.awaitReady();
                answers.add(process.invoke(event));
            }
            double further = (process.processorTime() - processorTime) / Math.max(1, answers.size() - 1);
            return new FunctionRun(ready, answers, processorTime, further, classes, process.peakMemory());
        } catch (IllegalStateException e) {
            throw new IllegalStateException("%s, see %s".formatted(function.handler(), zip.log()), e);
        }
    }

    /** The same function with another handler. */
    static Function withHandler(Function function, String handler) {
        return new Function(function.id(), handler, function.codeUri(), function.timeout(), function.memory(),
                function.architecture(), function.alias(), function.hasSnapshot(), function.environment(),
                function.routes(), function.streams(), function.policies());
    }

    /** Milliseconds from the start of the process to the first answer. */
    double cold() {
        return ready + answers.getFirst();
    }

    /** The median of the second half of the answers, in milliseconds. */
    double warm() {
        return warm(0.5);
    }

    /** The percentile of the second half of the answers, in milliseconds. */
    double warm(double share) {
        var sorted = answers.stream().skip((1 + answers.size()) / 2).sorted().toList();
        return sorted.get((int) Math.ceil(sorted.size() * share) - 1);
    }

    /** The median of a figure of several elements. */
    static <T> double median(List<T> runs, ToDoubleFunction<T> figure) {
        var sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median of these ratios. */
    static String ratio(List<FunctionRun> runs, List<FunctionRun> others, ToDoubleFunction<FunctionRun> figure) {
        return String.format(Locale.ROOT, "%.2f", median(sorted(runs, others, figure), Double::doubleValue));
    }

    /** The ratios of a figure of two programs that ran side by side, round by round: median, minimum and maximum. */
    static String ratios(List<FunctionRun> runs, List<FunctionRun> others, ToDoubleFunction<FunctionRun> figure) {
        var ratios = sorted(runs, others, figure);
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median(ratios, Double::doubleValue), ratios.getFirst(),
                ratios.getLast());
    }

    private static List<Double> sorted(List<FunctionRun> runs, List<FunctionRun> others,
            ToDoubleFunction<FunctionRun> figure) {
        return IntStream.range(0, runs.size())
                .mapToObj(i -> figure.applyAsDouble(runs.get(i)) / figure.applyAsDouble(others.get(i))).sorted()
                .toList();
    }
}
