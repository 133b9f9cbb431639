package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import usersapi.standin.UnsupportedTemplateException;

/**
 * The settings of a stream's event source mapping.
 *
 * @param maxRetries how often a failed batch is tried again; negative: for as long as its records last
 * @param maxAge the age at which a record is given up; negative for none
 * @param bisects whether a failing batch is halved until the failing record is alone
 * @param reportsItems whether the function reports the failed records of a batch
 * @param destination ARN of the queue for records that were given up
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html">DynamoDB parameters of an event
 *     source mapping</a>
 */
record StreamSettings(int batchSize, int maxRetries, Duration maxAge, boolean bisects, boolean reportsItems,
        Optional<String> destination) {

    /** The last two settings change only the timing, so they are not emulated. */
    private static final Set<String> KNOWN = Set.of("StartingPosition", "BatchSize", "MaximumRetryAttempts",
            "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "FunctionResponseTypes", "DestinationConfig",
            "EventSourceArn", "FunctionName", "MaximumBatchingWindowInSeconds", "ParallelizationFactor");

    /**
     * Reads the settings of the template.
     *
     * @param function the logical id of the function
     * @throws UnsupportedTemplateException if something in it has no counterpart here
     */
    static StreamSettings of(String function, Map<String, Object> settings) {
        settings.keySet().stream().filter(name -> !KNOWN.contains(name)).findFirst().ifPresent(name -> {
            throw new UnsupportedTemplateException("%s.%s: has no counterpart here".formatted(function, name));
        });
        JsonNode values = new JsonMapper().valueToTree(settings);
        if (!values.path("StartingPosition").asText().equals("TRIM_HORIZON")) {
            throw new UnsupportedTemplateException(function + ".StartingPosition: only TRIM_HORIZON works here");
        }
        return new StreamSettings(values.path("BatchSize").asInt(100), values.path("MaximumRetryAttempts").asInt(-1),
                Duration.ofSeconds(values.path("MaximumRecordAgeInSeconds").asInt(-1)),
                values.path("BisectBatchOnFunctionError").asBoolean(),
                values.path("FunctionResponseTypes").valueStream()
                        .anyMatch(type -> type.asText().equals("ReportBatchItemFailures")),
                Optional.ofNullable(
                        values.path("DestinationConfig").path("OnFailure").path("Destination").textValue()));
    }
}
