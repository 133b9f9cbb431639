package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.testing.Exchange;

/** «Get storage summary», from the file service's records by the table's stream, as on AWS. */
class StorageApiTest {

    private static final int MAX_READS = 5_000;

    private static Exchange.Reply summary(SignedIn user) {
        return user.request("GET", "/api/users/storage/").send();
    }

    private static int put(SignedIn user, String fileId, String body) {
        return user.request("PUT", "/local/files/" + fileId).body(body).send().status();
    }

    /** Reads until the stream has been processed this far. */
    private static void assertSettles(SignedIn user, long totalBytes, long fileCount) {
        var settled = "{\"total_bytes\":%d,\"file_count\":%d}".formatted(totalBytes, fileCount);
        for (int read = 0; read < MAX_READS && !summary(user).text().equals(settled); read++) {
            Thread.onSpinWait();
        }
        assertThat(summary(user).text()).isEqualTo(settled);
    }

    @Test
    void isNothingForANewUser() {
        var reply = summary(SignedIn.as("storage-new@example.com"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"total_bytes\":0,\"file_count\":0}");
    }

    @Test
    void countsAvailableFilesOnly() {
        var user = SignedIn.as("storage-status@example.com");
        assertThat(put(user, "a", "{\"size\": 100, \"status\": \"AVAILABLE\"}")).isEqualTo(204);
        assertThat(put(user, "b", "{\"size\": 20, \"status\": \"PENDING_URL\"}")).isEqualTo(204);
        assertThat(put(user, "c", "{\"size\": 3, \"status\": \"FINALIZING\"}")).isEqualTo(204);
        assertThat(put(user, "d", "{\"size\": 4, \"status\": \"FAILED\"}")).isEqualTo(204);
        assertThat(put(user, "e", "{\"size\": 0, \"status\": \"AVAILABLE\"}")).isEqualTo(204);

        assertSettles(user, 100, 2);
    }

    @Test
    void followsEveryChangeOfAFile() {
        var user = SignedIn.as("storage-changes@example.com");
        put(user, "a", "{\"size\": 15728640, \"status\": \"AVAILABLE\"}");
        assertSettles(user, 15_728_640, 1);
        put(user, "a", "{\"size\": 7, \"status\": \"AVAILABLE\"}");
        assertSettles(user, 7, 1);
        put(user, "a", "{\"size\": 7, \"status\": \"FAILED\"}");
        assertSettles(user, 0, 0);
        put(user, "b", "{\"size\": 9223372036854775807, \"status\": \"AVAILABLE\"}");
        assertSettles(user, Long.MAX_VALUE, 1);
        assertThat(user.request("DELETE", "/local/files/b").send().status()).isEqualTo(204);
        assertSettles(user, 0, 0);
    }

    @Test
    void countsNobodyElsesFiles() {
        var anna = SignedIn.as("storage-anna@example.com");
        var berta = SignedIn.as("storage-berta@example.com");
        put(anna, "same", "{\"size\": 1, \"status\": \"AVAILABLE\"}");
        put(berta, "same", "{\"size\": 2, \"status\": \"AVAILABLE\"}");

        assertSettles(anna, 1, 1);
        assertSettles(berta, 2, 1);
    }

    @Test
    void isShownToAnAccessTokenToo() {
        var user = SignedIn.as("storage-token@example.com");
        var reply = Exchange.of(RunningApi.uri(), "GET", "/api/users/storage/")
                .header("Authorization", "Bearer " + user.accessToken()).send();

        assertThat(reply.text()).isEqualTo(summary(user).text());
    }

    @Test
    void isShownToNobodyElse() {
        var reply = Exchange.of(RunningApi.uri(), "GET", "/api/users/storage/").send();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).isEqualTo("{\"message\":\"Not authenticated\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"size\": 1}", "{\"size\": -1, \"status\": \"AVAILABLE\"}",
            "{\"size\": 1.5, \"status\": \"AVAILABLE\"}", "{\"size\": 9223372036854775808, \"status\": \"AVAILABLE\"}",
            "{\"size\": 1, \"status\": \"available\"}"})
    void takesNoOtherRecordForAFile(String body) {
        assertThat(put(SignedIn.as("storage-wrong@example.com"), "a", body)).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"PUT", "DELETE"})
    void takesRecordsFromASignedInUserOnly(String method) {
        var before = RunningApi.items();

        var reply = Exchange.of(RunningApi.uri(), method, "/local/files/a")
                .body("{\"size\": 1, \"status\": \"AVAILABLE\"}").send();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(RunningApi.items()).isEqualTo(before);
    }
}
