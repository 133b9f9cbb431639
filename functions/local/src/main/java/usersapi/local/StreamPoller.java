package usersapi.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/**
 * Lambda's event source mapping: reads a table's stream and invokes the consuming function in batches. It repeats a batch
 * from the first failed record until the retries are used up.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html">DynamoDB parameters of an event
 *     source mapping</a>
 */
final class StreamPoller implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MILLIS_BETWEEN_POLLS = 100;

    /** The maximum delay, because a failing batch may be tried for as long as its records last. */
    private static final long MAX_MILLIS_BETWEEN_TRIES = 1_000;

    private final Template.Function function;
    private final StreamSettings settings;
    private final Functions functions;
    private final Queues queues;
    private final DynamoDbStreamsClient streams;
    private final String streamArn;
    /** The next iterator of each shard; null after the end of a closed shard. */
    private final Map<String, String> iterators = new HashMap<>();
    private final Thread thread = Thread.ofVirtual().name("stream").unstarted(this::run);
    private volatile boolean closed;

    /**
     * Starts a poller.
     *
     * @param source the mapping in the template; its parallelization and its windows are not emulated
     * @throws UnsupportedTemplateException if something in it has no counterpart here
     */
    StreamPoller(Template.Function function, Template.StreamSource source, Functions functions, Queues queues,
            DynamoDbStreamsClient streams, String streamArn) {
        this.function = function;
        this.functions = functions;
        this.queues = queues;
        this.streams = streams;
        this.streamArn = streamArn;
        settings = StreamSettings.of(function.id(), source.settings());
        settings.destination().ifPresent(arn -> queues.require(function.id() + ".DestinationConfig", arn));
        thread.start();
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

    private void pollOnce() throws InterruptedException {
        try {
            poll();
        } catch (RuntimeException e) {
            // Otherwise nothing would be settled from then on.
            if (!closed) {
                System.out.printf("The stream of %s was not read: %s%n", function.id(), e);
            }
        }
    }

    private void poll() throws InterruptedException {
        var shards = streams.describeStream(describe -> describe.streamArn(streamArn)).streamDescription().shards();
        for (var shard : shards) {
            var id = shard.shardId();
            if (!iterators.containsKey(id)) {
                iterators.put(id, streams.getShardIterator(get -> get.streamArn(streamArn).shardId(id)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON)).shardIterator());
            }
            if (iterators.get(id) != null) {
                try {
                    iterators.put(id, read(id, iterators.get(id)));
                } catch (TrimmedDataAccessException e) {
                    // DynamoDB Local's iterator of an empty shard may not work after the first record.
                    iterators.remove(id);
                }
            }
        }
    }

    /** Delivers the available records and returns the next iterator. */
    private String read(String shard, String iterator) throws InterruptedException {
        var read = streams.getRecords(get -> get.shardIterator(iterator));
        var records = read.records().stream().map(this::event).toList();
        for (int start = 0; start < records.size(); start += settings.batchSize()) {
            deliver(shard, records.subList(start, Math.min(start + settings.batchSize(), records.size())));
        }
        return read.nextShardIterator();
    }

    /** Delivers a batch until all its records have succeeded or were given up. */
    private void deliver(String shard, List<ObjectNode> batch) throws InterruptedException {
        var left = batch;
        for (int tries = 1; !left.isEmpty(); tries++) {
            var result = invoke(left);
            var failed = left.subList(result.firstFailed(), left.size());
            if (failed.size() == left.size() && settings.bisects() && left.size() > 1) {
                // The failing record is not known, so the halves get their own tries, and the good records succeed.
                deliver(shard, left.subList(0, left.size() / 2));
                left = left.subList(left.size() / 2, left.size());
                tries = 0;
                continue;
            }
            left = failed;
            if (left.isEmpty()) {
                return;
            }
            var reason = reasonToGiveUp(left, tries);
            if (reason.isPresent()) {
                discard(new DiscardedBatch(result.invocation(), reason.get(), tries, result.functionError(), shard,
                        streamArn, left));
                return;
            }
            Thread.sleep(Math.min(10L << Math.min(tries, 10), MAX_MILLIS_BETWEEN_TRIES));
        }
    }

    private Optional<String> reasonToGiveUp(List<ObjectNode> batch, int tries) {
        if (settings.maxRetries() >= 0 && tries > settings.maxRetries()) {
            return Optional.of("RetryAttemptsExhausted");
        }
        return !settings.maxAge().isNegative()
                && DiscardedBatch.arrival(batch.getFirst()).plus(settings.maxAge()).isBefore(Instant.now())
                        ? Optional.of("RecordAgeExceeded")
                        : Optional.empty();
    }

    private void discard(DiscardedBatch batch) {
        System.out.printf("%s: given up after %d tries: %s%n", function.id(), batch.tries(),
                batch.records().getFirst().path("dynamodb").path("Keys"));
        settings.destination().ifPresent(arn -> queues.send(arn, batch.message()));
    }

    /**
     * The outcome of a batch.
     *
     * @param firstFailed index of the first record that failed; the number of records if none did
     * @param functionError empty if the function reported the failed records
     */
    private record Result(Invocation invocation, int firstFailed, Optional<String> functionError) {}

    private Result invoke(List<ObjectNode> batch) {
        var event = JSON.createObjectNode();
        batch.forEach(event.putArray("Records")::add);
        var invocation = Invocation.of(function);
        try {
            var answer = functions.invoke(invocation, event.toString().getBytes(StandardCharsets.UTF_8));
            return new Result(invocation, settings.reportsItems() ? firstFailed(batch, answer) : batch.size(),
                    Optional.empty());
        } catch (FunctionFailedException e) {
            return new Result(invocation, 0, Optional.of("Unhandled"));
        }
    }

    /** An answer with an unknown record, or with an empty identifier, fails the whole batch. */
    private static int firstFailed(List<ObjectNode> batch, byte[] answer) {
        JsonNode failures;
        try {
            failures = JSON.readTree(answer).path("batchItemFailures");
        } catch (IOException notJson) {
            return 0;
        }
        var numbers = batch.stream().map(record -> record.path("dynamodb").path("SequenceNumber").asText()).toList();
        return failures.valueStream().mapToInt(failure -> numbers.indexOf(failure.path("itemIdentifier").textValue()))
                .map(index -> Math.max(index, 0)).min().orElse(batch.size());
    }

    /** The record as the function gets it; this table's stream has keys only. */
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

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        streams.close();
    }
}
