package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.LocalTables;

class GetStorageSummaryHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final GetStorageSummaryHandler handler = new GetStorageSummaryHandler(TABLES::variable);

    @Test
    void aUserWithoutFilesStoresNothing() {
        assertThat(Invocation.respond(handler, Invocation.event("get-storage-summary", "jane")).getBody())
                .isEqualTo("{\"total_bytes\":0,\"file_count\":0}");
    }

    @Test
    void tellsTheTotalAsAnExactInteger() {
        TABLES.put("StorageTotals", Map.of("total_bytes", AttributeValue.fromN("18446744073709551614"), "file_count",
                AttributeValue.fromN("2")), "rich", "total");

        assertThat(Invocation.respond(handler, Invocation.event("get-storage-summary", "rich")).getBody())
                .isEqualTo("{\"total_bytes\":18446744073709551614,\"file_count\":2}");
    }

    @Test
    void refusesARequestThatNoAuthorizerHasAllowed() {
        var response = Invocation.respond(handler,
                Invocation.event("get-storage-summary", "jane").replace("SESSION", "NONE"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }
}
