package usersapi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import usersapi.json.JsonObject;
import usersapi.lambda.CurrentInvocation;
import usersapi.testing.ObjectStore;

class ExportBucketTest {

    private static final String KEY = "run/jane/1.json";
    private static final JsonObject OBJECT = new JsonObject().put("user", "Jäne");
    /** Less than the time that is kept in reserve for another attempt. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private final Map<String, String> variables = new HashMap<>(Map.of("EXPORT_BUCKET", "exports", "AWS_REGION",
            "us-east-1", "AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "secret"));
    private ObjectStore store;
    private ExportBucket bucket;

    @BeforeEach
    void open() throws IOException {
        store = new ObjectStore("secret");
        variables.put("AWS_ENDPOINT_URL_S3", store.endpoint());
        bucket = new ExportBucket(UrlConnectionHttpClient.create(), variables::get);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void writesAgainAfterAFailureOfS3(int status) {
        store.failNext(status);

        bucket.put(KEY, OBJECT);

        assertThat(store.objects()).containsExactly(Map.entry("exports/" + KEY, OBJECT.toJson()));
    }

    @Test
    void doesNotRepeatWhatS3Refuses() {
        store.failNext(403);

        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> bucket.put(KEY, OBJECT))
                .withMessageContaining("S3 answered with status 403");
        assertThat(store.objects()).isEmpty();
    }

    @Test
    void endsWithTheFailureOfS3WhereNoTimeIsLeftForAnotherAttempt() {
        store.failNext(503);

        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::putInAShortTime)
                .withMessageContaining("S3 answered with status 503");
        assertThat(store.objects()).isEmpty();
    }

    @Test
    void endsWithTheFailureOfTheNetworkWhereNoTimeIsLeftForAnotherAttempt() {
        store.close();

        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::putInAShortTime)
                .withCauseInstanceOf(ConnectException.class);
    }

    @Test
    void writesToNoBucketOfAwsOutsideLambda() {
        variables.remove("AWS_ENDPOINT_URL_S3");
        var withoutEndpoint = new ExportBucket(UrlConnectionHttpClient.create(), variables::get);

        assertThatIllegalStateException().isThrownBy(() -> withoutEndpoint.put(KEY, OBJECT))
                .withMessageContaining("AWS_ENDPOINT_URL_S3 is required");
    }

    private void putInAShortTime() {
        CurrentInvocation.part(SHORT, () -> {
            bucket.put(KEY, OBJECT);
            return null;
        });
    }
}
