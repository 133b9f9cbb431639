package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/**
 * Lambda's event source mapping: reads a table's stream and invokes the function that consumes it, in batches, again from
 * the first record that failed, until its retries are used up.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html">DynamoDB parameters of an event
 *      source mapping</a>
 */
final class StreamPoller implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MILLIS_BETWEEN_POLLS = 100;

    private final Template.Function function;
    private final Functions functions;
    private final DynamoDbStreamsClient streams;
    private final String streamArn;
    private final JsonNode filters;
    private final int batchSize;
    private final int mostRetries;
    /** Where to read on in each shard; null once a shard is closed and read to its end. */
    private final Map<String, String> iterators = new HashMap<>();
    private final Thread thread = Thread.ofVirtual().name("stream").unstarted(this::run);
    private volatile boolean closed;

    /**
     * Starts to poll.
     *
     * @param source what the template says of the mapping; its order of delivery and its windows are not kept
     */
    StreamPoller(Template.Function function, Template.StreamSource source, Functions functions,
            DynamoDbStreamsClient streams, String streamArn) {
        this.function = function;
        this.functions = functions;
        this.streams = streams;
        this.streamArn = streamArn;
        JsonNode settings = JSON.valueToTree(source.settings());
        batchSize = settings.path("BatchSize").asInt(100);
        mostRetries = settings.path("MaximumRetryAttempts").asInt(-1);
        filters = filters(settings);
        thread.start();
    }

    private JsonNode filters(JsonNode settings) {
        var patterns = JSON.createArrayNode();
        settings.path("FilterCriteria").path("Filters").forEach(filter -> {
            try {
                var pattern = JSON.readTree(filter.path("Pattern").asText());
                if (!isUnderstood(pattern)) {
                    throw new UnsupportedTemplateException(
                            "%s.FilterCriteria: only exact values and prefix work here".formatted(function.id()));
                }
                patterns.add(pattern);
            } catch (IOException e) {
                throw new UnsupportedTemplateException(function.id() + ".FilterCriteria: a pattern is not JSON");
            }
        });
        return patterns;
    }

    private static boolean isUnderstood(JsonNode pattern) {
        return pattern.isObject()
                ? pattern.valueStream().allMatch(StreamPoller::isUnderstood)
                : pattern.isArray() && pattern.valueStream().allMatch(
                        allowed -> !allowed.isContainerNode() || (allowed.size() == 1 && allowed.has("prefix")));
    }

    private void run() {
        try {
            while (!closed) {
                pollOnce();
                Thread.sleep(MILLIS_BETWEEN_POLLS);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void pollOnce() {
        try {
            poll();
        } catch (RuntimeException e) {
            // Without this nothing would be settled from then on.
            if (!closed) {
                System.out.printf("The stream of %s was not read: %s%n", function.id(), e);
            }
        }
    }

    private void poll() {
        var shards = streams.describeStream(describe -> describe.streamArn(streamArn)).streamDescription().shards();
        for (var shard : shards) {
            var id = shard.shardId();
            if (!iterators.containsKey(id)) {
                iterators.put(id, streams.getShardIterator(get -> get.streamArn(streamArn).shardId(id)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON)).shardIterator());
            }
            if (iterators.get(id) != null) {
                try {
                    iterators.put(id, read(iterators.get(id)));
                } catch (TrimmedDataAccessException e) {
                    // DynamoDB Local's iterator of a shard without records may be of no use once there is one.
                    iterators.remove(id);
                }
            }
        }
    }

    /** Delivers what is there and answers where to read on. */
    private String read(String iterator) {
        var read = streams.getRecords(get -> get.shardIterator(iterator));
        var wanted = read.records().stream().map(this::event).filter(this::isWanted).toList();
        for (int start = 0; start < wanted.size(); start += batchSize) {
            deliver(wanted.subList(start, Math.min(start + batchSize, wanted.size())));
        }
        return read.nextShardIterator();
    }

    private void deliver(List<ObjectNode> batch) {
        var left = batch;
        for (int attempt = 0; attempt <= mostRetries || mostRetries < 0; attempt++) {
            var failed = firstFailed(left);
            if (failed == left.size()) {
                return;
            }
            left = left.subList(failed, left.size());
        }
        System.out.printf("%s: given up after %d retries: %s%n", function.id(), mostRetries,
                left.getFirst().path("dynamodb").path("Keys"));
        // The batch is bisected until the bad record is alone, so those behind it are delivered.
        if (left.size() > 1) {
            deliver(left.subList(1, left.size()));
        }
    }

    /** Index of the first record that failed; the number of records if none did. */
    private int firstFailed(List<ObjectNode> batch) {
        try {
            var event = JSON.createObjectNode();
            batch.forEach(event.putArray("Records")::add);
            var answer = JSON.readTree(functions.invoke(function.id(), JSON.writeValueAsBytes(event)));
            var failures = new ArrayList<String>();
            answer.path("batchItemFailures").forEach(failure -> failures.add(failure.path("itemIdentifier").asText()));
            for (int i = 0; i < batch.size(); i++) {
                if (failures.contains(batch.get(i).path("dynamodb").path("SequenceNumber").asText())) {
                    return i;
                }
            }
            return batch.size();
        } catch (FunctionFailedException | IOException e) {
            return 0;
        }
    }

    /** The record as the function gets it; keys are all there is in this table's stream. */
    private ObjectNode event(Record record) {
        var change = JSON.createObjectNode();
        record.dynamodb().keys().forEach((name, value) -> change.withObjectProperty("Keys").set(name, json(value)));
        change.put("ApproximateCreationDateTime", record.dynamodb().approximateCreationDateTime().getEpochSecond())
                .put("SequenceNumber", record.dynamodb().sequenceNumber())
                .put("SizeBytes", record.dynamodb().sizeBytes())
                .put("StreamViewType", record.dynamodb().streamViewTypeAsString());
        return JSON.createObjectNode().put("eventID", record.eventID()).put("eventName", record.eventNameAsString())
                .put("eventVersion", record.eventVersion()).put("eventSource", "aws:dynamodb")
                .put("awsRegion", record.awsRegion()).put("eventSourceARN", streamArn).set("dynamodb", change);
    }

    private static ObjectNode json(AttributeValue key) {
        return switch (key.type()) {
            case S -> JSON.createObjectNode().put("S", key.s());
            case N -> JSON.createObjectNode().put("N", key.n());
            default ->
                throw new UnsupportedTemplateException("A key of type " + key.type() + " has no counterpart here");
        };
    }

    private boolean isWanted(JsonNode event) {
        return filters.isEmpty() || filters.valueStream().anyMatch(pattern -> matches(pattern, event));
    }

    /** EventBridge's patterns, as far as the template uses them: exact values and {@code prefix}. */
    private static boolean matches(JsonNode pattern, JsonNode value) {
        if (pattern.isObject()) {
            return pattern.propertyStream().allMatch(entry -> matches(entry.getValue(), value.path(entry.getKey())));
        }
        return pattern.valueStream().anyMatch(allowed -> allowed.has("prefix")
                ? value.asText().startsWith(allowed.path("prefix").asText())
                : allowed.equals(value));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        streams.close();
    }
}
