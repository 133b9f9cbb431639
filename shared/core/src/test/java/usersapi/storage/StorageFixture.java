package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import usersapi.CoreFixture;
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
        return new StorageTotalsRepository(client, CoreFixture.storageTotals(tables));
    }

    /** Deletes all that is counted for the user, as the deletion of the user does. */
    static void delete(StorageTotalsRepository totals, String userId) {
        totals.markDeleted(userId);
        assertThat(totals.deleteCounted(userId, () -> true)).isTrue();
    }

    FileSettlement settlement() {
        return settlement(client());
    }

    FileSettlement settlement(DynamoDbClient client) {
        return new FileSettlement(client, CoreFixture.files(tables), CoreFixture.storageTotals(tables));
    }

    private DynamoDbClient client() {
        return CoreModule.dynamoDb(UrlConnectionHttpClient.create(), tables::variable);
    }

    /** A client that runs a step once between the reads and the write. */
    DynamoDbClient interrupted(Runnable step) {
        var once = CoreFixture.once(step);
        return CoreFixture.client(tables, request -> {
            if (request instanceof TransactWriteItemsRequest || request instanceof UpdateItemRequest) {
                once.run();
            }
        });
    }

    Recount recount() {
        return new Recount(client(), CoreFixture.files(tables), CoreFixture.storageTotals(tables), settlement());
    }

    FileRepository files() {
        return new FileRepository(CoreFixture.client(tables), CoreFixture.files(tables));
    }

    void put(FileKey file, FileRecord.Status status, long size) {
        files().put(file, new FileRecord(status, Optional.of(size)));
    }

    /** Writes a record that breaks the contract. */
    void putRaw(FileKey file, Map<String, AttributeValue> attributes) {
        tables.put("Files", attributes, file.userId(), file.fileId());
    }
}
