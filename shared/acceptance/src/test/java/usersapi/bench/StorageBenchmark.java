package usersapi.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;
import usersapi.storage.FileKey;
import usersapi.storage.FileRecord;
import usersapi.storage.FileRepository;
import usersapi.storage.FileSettlement;
import usersapi.storage.StorageTotalsRepository;
import usersapi.table.FilesTable;
import usersapi.table.StorageTotalsTable;
import usersapi.testing.LocalTables;
import usersapi.wiring.CoreModule;

/**
 * Measures the costs of storage totals on DynamoDB Local: throughput and capacity units of settling, and the latency of a
 * summary by the number of files. {@code mvn -Pbenchmark} runs it; the machine's load is in the figures, so compare them
 * within one run.
 */
public final class StorageBenchmark {

    private static final int CHANGES = 1_000;
    private static final int READS = 500;

    private final LocalAws aws = LocalAws.inMemory();
    private final Template template = aws.deploy(Template.read(LocalTables.PARAMETERS, id -> id));
    private final DoubleAdder readUnits = new DoubleAdder();
    private final DoubleAdder writeUnits = new DoubleAdder();
    private final DynamoDbClient metered;
    private final FileRepository files;
    private final StorageTotalsRepository totals;
    private final FileSettlement settlement;

    private StorageBenchmark() {
        metered = DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create())
                .endpointOverride(aws.dynamoDbEndpoint()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .overrideConfiguration(o -> o.addExecutionInterceptor(new Meter())).build();
        files = new FileRepository(aws.dynamoDb(), new FilesTable(template.environment()::get));
        totals = new StorageTotalsRepository(metered, new StorageTotalsTable(template.environment()::get));
        settlement = new FileSettlement(metered, new FilesTable(template.environment()::get),
                new StorageTotalsTable(template.environment()::get));
    }

    /** Prints the figures. */
    public static void main(String[] args) throws Exception {
        var benchmark = new StorageBenchmark();
        System.out.printf("%nStorage totals on DynamoDB Local, JDK %s, %d processors%n", Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        benchmark.settle("warm-up", 1);
        benchmark.settle("one worker", 1);
        benchmark.settle("four workers", 4);
        for (int count : List.of(1, 1_000, 100_000)) {
            benchmark.summary(count);
        }
        System.exit(0);
    }

    /** Settles new files of one user each, so that workers do not conflict; then each again without a change. */
    private void settle(String name, int workers) throws Exception {
        var keys = IntStream.range(0, CHANGES).mapToObj(i -> new FileKey(name + i % workers, "f" + i)).toList();
        for (var key : keys) {
            files.put(key, new FileRecord(FileRecord.Status.AVAILABLE, Optional.of(1_000_000L)));
        }
        settle(name + ", each a change", workers, keys);
        settle(name + ", nothing to do", workers, keys);
    }

    private void settle(String name, int workers, List<FileKey> keys) throws Exception {
        readUnits.reset();
        writeUnits.reset();
        long start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(workers)) {
            var parts = IntStream.range(0, workers).<Callable<Object>>mapToObj(worker -> () -> {
                for (int i = worker; i < keys.size(); i += workers) {
                    settlement.settle(keys.get(i));
                }
                return null;
            }).toList();
            for (var part : threads.invokeAll(parts)) {
                part.get();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("  settle, %-30s %6.0f files/s   %.1f read and %.1f write units a file%n", name,
                keys.size() / seconds, readUnits.sum() / keys.size(), writeUnits.sum() / keys.size());
    }

    /** Measures the summary of a user with this number of counted files. */
    private void summary(int count) throws Exception {
        var user = "user-of-" + count;
        try (var threads = Executors.newFixedThreadPool(4)) {
            int batch = 25;
            var writes = IntStream.rangeClosed(0, (count - 1) / batch).<Callable<Object>>mapToObj(i -> () -> {
                var items = IntStream.range(i * batch, Math.min((i + 1) * batch, count)).mapToObj(n -> file(user, n))
                        .toList();
                return aws.dynamoDb()
                        .batchWriteItem(
                                write -> write.requestItems(
                                        Map.of(new FilesTable(template.environment()::get).name(), items)));
            }).toList();
            for (var write : threads.invokeAll(writes)) {
                write.get();
            }
        }
        settlement.settle(new FileKey(user, "f0"));
        readUnits.reset();
        var nanos = new long[READS];
        for (int i = 0; i < READS; i++) {
            long start = System.nanoTime();
            totals.find(user);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        System.out.printf("  summary of %,7d files   p50 %.2f ms   p99 %.2f ms   %.1f read units%n", count,
                nanos[READS / 2] / 1e6, nanos[READS * 99 / 100] / 1e6, readUnits.sum() / READS);
    }

    private static WriteRequest file(String user, int number) {
        var item = new HashMap<String, AttributeValue>();
        item.put("external_id", AttributeValue.fromS(user));
        item.put("file_id", AttributeValue.fromS("f" + number));
        item.put("status", AttributeValue.fromS("AVAILABLE"));
        item.put("size", AttributeValue.fromN("1000000"));
        return WriteRequest.builder().putRequest(put -> put.item(item)).build();
    }

    private final class Meter implements ExecutionInterceptor {

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            var units = CapacityUnits.of(context.request());
            readUnits.add(units.read());
            writeUnits.add(units.write());
        }
    }
}
