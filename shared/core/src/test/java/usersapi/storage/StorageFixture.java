package usersapi.storage;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import usersapi.CoreFixture;
import usersapi.config.Environment;
import usersapi.testing.LocalTables;
import usersapi.wiring.CoreModule;

/** File records and settlements for the tests of this package. */
final class StorageFixture {

    private final LocalTables tables;

    StorageFixture(LocalTables tables) {
        this.tables = tables;
    }

    StorageTotalsRepository totals() {
        return totals(client());
    }

    StorageTotalsRepository totals(DynamoDbClient client) {
        return new StorageTotalsRepository(client, CoreFixture.storageTotals());
    }

    FileSettlement settlement() {
        return settlement(client());
    }

    FileSettlement settlement(DynamoDbClient client) {
        return new FileSettlement(client, CoreFixture.files(), CoreFixture.storageTotals());
    }

    private static DynamoDbClient client() {
        return CoreModule.dynamoDb(UrlConnectionHttpClient.create(), Environment.PROCESS);
    }

    /** A client that runs a step once between the reads and the write. */
    static DynamoDbClient interrupted(Runnable step) {
        var once = CoreFixture.once(step);
        return CoreFixture.client(request -> {
            if (request instanceof TransactWriteItemsRequest || request instanceof UpdateItemRequest) {
                once.run();
            }
        });
    }

    Recount recount() {
        return new Recount(client(), CoreFixture.files(), CoreFixture.storageTotals(), settlement());
    }

    FileRepository files() {
        return new FileRepository(CoreFixture.dynamoDb(), CoreFixture.files());
    }

    void put(FileKey file, FileRecord.Status status, long size) {
        files().put(file, new FileRecord(status, Optional.of(size)));
    }

    /** Writes a record that breaks the contract. */
    void putRaw(FileKey file, Map<String, AttributeValue> attributes) {
        tables.put("Files", attributes, file.userId(), file.fileId());
    }
}
