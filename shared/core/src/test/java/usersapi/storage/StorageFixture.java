package usersapi.storage;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import usersapi.CoreFixture;
import usersapi.testing.LocalTable;
import usersapi.wiring.CoreModule;

/** File records and settlements for the tests of this package. */
final class StorageFixture {

    private final LocalTable table;

    StorageFixture(LocalTable table) {
        this.table = table;
    }

    StorageTotalsRepository totals() {
        return totals(CoreModule.dynamoDb(UrlConnectionHttpClient.create()));
    }

    StorageTotalsRepository totals(DynamoDbClient client) {
        return new StorageTotalsRepository(client, CoreFixture.config());
    }

    /** Settles with a step that runs once between the reads and the write. */
    StorageTotalsRepository interrupted(Runnable step) {
        var once = CoreFixture.once(step);
        return totals(client(request -> {
            if (request instanceof TransactWriteItemsRequest) {
                once.run();
            }
        }));
    }

    /** A client that says what it is about to send. */
    DynamoDbClient client(Consumer<SdkRequest> before) {
        return DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(o -> o.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                        before.accept(context.request());
                    }
                })).build();
    }

    /** Writes that many available files of one byte. */
    void putMany(String userId, int count) throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            var batches = IntStream.range(0, count / 25).<Callable<Object>>mapToObj(batch -> () -> {
                var writes = IntStream.range(0, 25).mapToObj(i -> {
                    var item = new HashMap<>(new FileKey(userId, "many" + batch + "-" + i).file().toAttributes());
                    item.put("status", AttributeValue.fromS("AVAILABLE"));
                    item.put("size", AttributeValue.fromN("1"));
                    return WriteRequest.builder().putRequest(put -> put.item(item)).build();
                }).toList();
                return table.client().batchWriteItem(write -> write.requestItems(Map.of(table.name(), writes)));
            }).toList();
            for (var written : threads.invokeAll(batches)) {
                written.get();
            }
        }
    }

    Recount recount() {
        return new Recount(CoreModule.dynamoDb(UrlConnectionHttpClient.create()), CoreFixture.config(), totals());
    }

    FileRepository files() {
        return new FileRepository(CoreFixture.dynamoDb(), CoreFixture.config());
    }

    void put(FileKey file, FileRecord.Status status, long size) {
        files().put(file, new FileRecord(status, Optional.of(size)));
    }

    /** Writes a record that breaks the contract. */
    void putRaw(FileKey file, Map<String, AttributeValue> attributes) {
        var item = new HashMap<>(file.file().toAttributes());
        item.putAll(attributes);
        table.client().putItem(put -> put.tableName(table.name()).item(item));
    }
}
