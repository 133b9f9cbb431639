package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import usersapi.standin.UnsupportedTemplateException;

/**
 * How a stream's records are delivered to the function that consumes them.
 *
 * @param maxRetries how often a batch that failed is tried again; negative for as long as its records last
 * @param maxAge the age at which a record is given up; negative for none
 * @param bisects whether a batch that fails is halved, until what fails is alone
 * @param reportsItems whether the function says which records of a batch failed
 * @param destination ARN of the queue that is told of records that were given up
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html">DynamoDB parameters of an event
 *      source mapping</a>
 */
record StreamSettings(int batchSize, int maxRetries, Duration maxAge, boolean bisects, boolean reportsItems,
        Optional<String> destination) {

    /** The last two say how much is waited for and done at once, which changes no result. */
    private static final Set<String> KNOWN = Set.of("StartingPosition", "BatchSize", "MaximumRetryAttempts",
            "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "FunctionResponseTypes", "DestinationConfig",
            "EventSourceArn", "FunctionName", "MaximumBatchingWindowInSeconds", "ParallelizationFactor");

    /**
     * Reads what the template says.
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
