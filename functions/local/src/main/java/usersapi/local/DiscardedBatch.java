package usersapi.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * Records of a stream that Lambda gave up.
 *
 * @param last the last invocation that failed
 * @param condition the reason: {@code RetryAttemptsExhausted} or {@code RecordAgeExceeded}
 * @param tries how often the function was invoked with them
 * @param functionError Lambda's name of the failure; empty if the function reported the failed records
 * @param records the records as the function got them, at least one
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html">Retaining discarded batches</a>
 */
record DiscardedBatch(Invocation last, String condition, int tries, Optional<String> functionError, String shardId,
        String streamArn, List<ObjectNode> records) {

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX")
            .withZone(ZoneOffset.UTC);

    /** The time when the record came into the stream. */
    static Instant arrival(ObjectNode record) {
        return Instant.ofEpochSecond(record.path("dynamodb").path("ApproximateCreationDateTime").asLong());
    }

    /** The message that Lambda sends to the destination; it has the records' position, not the records. */
    ObjectNode message() {
        var message = new JsonMapper().createObjectNode();
        message.putObject("requestContext").put("requestId", last.requestId()).put("functionArn", last.arn())
                .put("condition", condition).put("approximateInvokeCount", tries);
        message.putObject("responseContext").put("statusCode", 200).put("executedVersion", last.version())
                .put("functionError", functionError.orElse(null));
        message.put("version", "1.0").put("timestamp", MILLIS.format(Instant.now()));
        message.putObject("DDBStreamBatchInfo").put("shardId", shardId)
                .put("startSequenceNumber", sequenceNumber(records.getFirst()))
                .put("endSequenceNumber", sequenceNumber(records.getLast()))
                .put("approximateArrivalOfFirstRecord", arrival(records.getFirst()).toString())
                .put("approximateArrivalOfLastRecord", arrival(records.getLast()).toString())
                .put("batchSize", records.size()).put("streamArn", streamArn);
        return message;
    }

    private static String sequenceNumber(ObjectNode record) {
        return record.path("dynamodb").path("SequenceNumber").asText();
    }
}
