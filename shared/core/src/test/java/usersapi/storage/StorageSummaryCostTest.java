package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import usersapi.CoreFixture;
import usersapi.testing.LocalTables;

/** With more files than a page of a query holds, which is 1 MB; {@code mvn -Pbenchmark} reads the total of 100,000. */
class StorageSummaryCostTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final int FILES = 4;
    private static final String PADDING = "x".repeat(350_000);

    private static void write(String user, int files) {
        IntStream.range(0, files).forEach(i -> TABLES.put("Files",
                Map.of("status", AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("1"), "padding",
                        AttributeValue.fromS(PADDING)),
                user, "f" + i));
    }

    @Test
    void theTotalOfMoreFilesThanAPageHoldsCostsOneReadAsThatOfOne() {
        write("one", 1);
        write("many", FILES);
        assertThat(PADDING.length() * FILES).isGreaterThan(1 << 20);
        var requests = new ConcurrentLinkedQueue<SdkRequest>();
        var client = CoreFixture.client(TABLES, requests::add);
        var settlement = new FileSettlement(client, CoreFixture.files(TABLES), CoreFixture.storageTotals(TABLES));
        var totals = new StorageTotalsRepository(client, CoreFixture.storageTotals(TABLES));
        for (var user : List.of("one", "many")) {
            settlement.settle(new FileKey(user, "f0"));
            requests.clear();

            assertThat(totals.find(user).fileCount()).isEqualTo(1);

            assertThat(requests).singleElement().isInstanceOf(GetItemRequest.class);
        }
    }
}
