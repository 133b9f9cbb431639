package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import usersapi.CoreFixture;
import usersapi.table.FilesTable;
import usersapi.testing.LocalTables;

/** With more files than a page of a query holds, which is 1 MB; {@code mvn -Pbenchmark} reads the total of 100,000. */
class StorageSummaryCostTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    /** Without a stream: DynamoDB Local is slow for minutes after one of this length. */
    private static final FilesTable STREAMLESS = new FilesTable(TABLES.name("Files") + "-streamless");

    @BeforeAll
    static void aUserOfOneFileAndOneOfMoreThanAPage() throws Exception {
        var request = TABLES.template().table("Files").request().toBuilder();
        TABLES.client().createTable(
                request.tableName(STREAMLESS.name()).streamSpecification((StreamSpecification) null).build());
        write("one", IntStream.range(0, 1));
        try (var threads = Executors.newFixedThreadPool(4)) {
            var batches = IntStream.range(0, 1_200).<Callable<Void>>mapToObj(batch -> () -> {
                write("many", IntStream.range(batch * 25, batch * 25 + 25));
                return null;
            }).toList();
            for (var written : threads.invokeAll(batches)) {
                written.get();
            }
        }
    }

    @AfterAll
    static void drop() {
        TABLES.client().deleteTable(delete -> delete.tableName(STREAMLESS.name()));
    }

    @Test
    void theTotalOfThirtyThousandFilesCostsOneReadAsThatOfOne() {
        var requests = new ConcurrentLinkedQueue<SdkRequest>();
        var client = CoreFixture.client(TABLES, requests::add);
        var settlement = new FileSettlement(client, STREAMLESS, CoreFixture.storageTotals(TABLES));
        var totals = new StorageTotalsRepository(client, CoreFixture.storageTotals(TABLES));
        for (var user : List.of("one", "many")) {
            settlement.settle(new FileKey(user, "f0"));
            requests.clear();

            assertThat(totals.find(user).fileCount()).isEqualTo(1);

            assertThat(requests).singleElement().isInstanceOf(GetItemRequest.class);
        }
    }

    private static void write(String user, IntStream files) {
        var writes = files.mapToObj(i -> WriteRequest.builder()
                .putRequest(put -> put.item(Map.of("external_id", AttributeValue.fromS(user), "file_id",
                        AttributeValue.fromS("f" + i), "status", AttributeValue.fromS("AVAILABLE"), "size",
                        AttributeValue.fromN("1"))))
                .build()).toList();
        TABLES.client().batchWriteItem(write -> write.requestItems(Map.of(STREAMLESS.name(), writes)));
    }
}
