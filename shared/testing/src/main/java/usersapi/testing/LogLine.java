package usersapi.testing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A line of a function's log: one JSON object. If it has the member {@code _aws}, it must keep the rules of metrics;
 * CloudWatch silently ignores lines that break them.
 *
 * @see <a href=
 *     "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     Embedded metric format</a>
 */
public record LogLine(JsonNode json) {

    private static final JsonMapper JSON = JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final int MAX_BYTES = 256 * 1024;
    private static final String RFC_3339 = "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\\.[0-9]+)?Z";
    private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
    private static final Set<String> UNITS = Set.of("Count", "Milliseconds", "Bytes");

    /**
     * Reads a line.
     *
     * @throws AssertionError if it breaks a rule
     */
    public static LogLine of(String text) {
        try {
            var json = JSON.readTree(text);
            check(json.isObject() && text.indexOf('\n') < 0, "one JSON object on one line");
            check(text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES, "at most 256 KB");
            // Lambda adds both to a line that lacks either.
            check(json.path("timestamp").asText().matches(RFC_3339), "timestamp in RFC 3339");
            check(LEVELS.contains(json.path("level").asText()), "level of " + LEVELS);
            if (json.has("_aws")) {
                checkMetrics(json);
            }
            return new LogLine(json);
        } catch (JsonProcessingException | AssertionError e) {
            throw new AssertionError("not a line of a log: " + text, e);
        }
    }

    private static void checkMetrics(JsonNode json) {
        var timestamp = json.path("_aws").path("Timestamp");
        var age = Duration.between(Instant.ofEpochMilli(timestamp.asLong()), Instant.now());
        check(timestamp.isIntegralNumber() && age.toDays() < 14 && age.toHours() > -2, "Timestamp in ms, of late");
        var directives = json.path("_aws").path("CloudWatchMetrics");
        check(directives.isArray(), "CloudWatchMetrics, an array");
        for (var directive : directives) {
            check(directive.path("Namespace").asText().matches("(?!AWS/)[\\x20-\\x7e]{1,255}"), "Namespace, our own");
            var sets = directive.path("Dimensions");
            check(sets.isArray() && !sets.isEmpty(), "Dimensions, an array with a set of them");
            for (var set : sets) {
                check(set.isArray() && set.size() <= 9, "a set of at most nine dimensions");
                set.forEach(name -> check(json.path(name.asText()).asText().matches("\\S[\\x20-\\x7e]{0,1023}")
                        && json.path(name.asText()).isTextual(),
                        "a dimension is a string member of the line: " + name));
            }
            var metrics = directive.path("Metrics");
            check(metrics.isArray() && metrics.size() <= 100, "Metrics, an array of at most 100");
            for (var metric : metrics) {
                check(json.path(metric.path("Name").asText()).isNumber(), "a metric is a number member: " + metric);
                check(UNITS.contains(metric.path("Unit").asText()), "a unit of " + UNITS);
            }
        }
    }

    private static void check(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError(rule);
        }
    }

    /** Whether CloudWatch makes metrics of this line. */
    public boolean hasMetrics() {
        return json.has("_aws");
    }
}
