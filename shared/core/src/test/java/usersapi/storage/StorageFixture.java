package usersapi.storage;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
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
        return new StorageTotalsRepository(client, CoreFixture.table());
    }

    /** Settles with a step that runs once between the reads and the write. */
    StorageTotalsRepository interrupted(Runnable step) {
        var once = CoreFixture.once(step);
        return totals(CoreFixture.client(request -> {
            if (request instanceof TransactWriteItemsRequest) {
                once.run();
            }
        }));
    }

    Recount recount() {
        return new Recount(CoreModule.dynamoDb(UrlConnectionHttpClient.create()), CoreFixture.table(), totals());
    }

    FileRepository files() {
        return new FileRepository(CoreFixture.dynamoDb(), CoreFixture.table());
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
