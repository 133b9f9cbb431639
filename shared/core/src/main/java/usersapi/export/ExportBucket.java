package usersapi.export;

import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.table.Retries;

/**
 * The bucket {@code EXPORT_BUCKET}, to which exports of many users go. It sends S3's PutObject by the SDK's HTTP client and
 * signer, which the zip has for DynamoDB; the SDK's own client of S3 would add megabytes to the zip of all functions.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html">PutObject</a>
 */
public final class ExportBucket {

    private static final int MAX_ATTEMPTS = 5;

    private final SdkHttpClient http;
    private final Environment environment;
    private final String name;
    private final Optional<String> endpoint;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    @Inject
    ExportBucket(SdkHttpClient http, Environment environment) {
        this.http = http;
        this.environment = environment;
        name = environment.required("EXPORT_BUCKET");
        endpoint = environment.find("AWS_ENDPOINT_URL_S3");
    }

    /**
     * Writes an object; replaces one of the same key.
     *
     * @param key only letters, digits, {@code - _ . /}
     * @throws UncheckedIOException if S3 does not take it
     */
    public void put(String key, JsonObject object) {
        var body = ContentStreamProvider.fromByteArray(object.toJson().getBytes(StandardCharsets.UTF_8));
        var retries = Retries.ofInvocation();
        for (int attempt = 1;; attempt++) {
            UncheckedIOException failure;
            boolean isPassing = true;
            try {
                int status = send(key, body);
                if (status == 200) {
                    return;
                }
                isPassing = status >= 500;
                failure = new UncheckedIOException(new IOException("S3 answered with status " + status));
            } catch (IOException e) {
                failure = new UncheckedIOException(e);
            }
            if (!isPassing || attempt == MAX_ATTEMPTS) {
                throw failure;
            }
            retries.backOff(failure);
        }
    }

    private int send(String key, ContentStreamProvider body) throws IOException {
        var request = SdkHttpRequest.builder().method(SdkHttpMethod.PUT).uri(URI.create(address() + "/" + key))
                .putHeader("Content-Type", "application/json").build();
        var signed = signer.sign(sign -> sign.identity(credentials().resolveCredentials()).request(request)
                .payload(body).putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region().id())
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false));
        var response = http.prepareRequest(HttpExecuteRequest.builder().request(signed.request())
                .contentStreamProvider(signed.payload().orElse(body)).build()).call();
        if (response.responseBody().isPresent()) {
            try (var answer = response.responseBody().get()) {
                // A connection is used again only after its answer was read.
                answer.readAllBytes();
            }
        }
        return response.httpResponse().statusCode();
    }

    private String address() {
        if (endpoint.isPresent()) {
            return endpoint.get() + "/" + name;
        }
        if (!environment.equals(Environment.PROCESS)) {
            throw environment.invalid("AWS_ENDPOINT_URL_S3", "is required: there is no bucket here");
        }
        return "https://%s.s3.%s.%s".formatted(name, region().id(), PartitionMetadata.of(region()).dnsSuffix());
    }

    private Region region() {
        return Region.of(environment.required("AWS_REGION"));
    }

    private AwsCredentialsProvider credentials() {
        return environment.equals(Environment.PROCESS)
                ? ProcessCredentials.PROVIDER
                : StaticCredentialsProvider.create(AwsBasicCredentials.create(environment.required("AWS_ACCESS_KEY_ID"),
                        environment.required("AWS_SECRET_ACCESS_KEY")));
    }

    /** Those of the function's role, which the SDK finds in the environment. */
    private static final class ProcessCredentials {

        static final AwsCredentialsProvider PROVIDER = DefaultCredentialsProvider.builder().build();
    }
}
