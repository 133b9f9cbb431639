package usersapi.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Stands between the SDK and the network and does what networks and services do: resets a connection before or after the
 * request took effect, throttles, answers 500, reports a conflict that another transaction caused. Seeded, so that a run can
 * be repeated as far as threads allow.
 */
public final class FaultyHttpClient implements SdkHttpClient {

    private final SdkHttpClient real;
    private final Random random;
    private volatile int percent;

    /** Passes everything on until {@link #fail} says otherwise. */
    public FaultyHttpClient(SdkHttpClient real, long seed) {
        this.real = real;
        this.random = new Random(seed);
    }

    /** From now on that many of a hundred requests meet a fault. */
    public void fail(int ofHundred) {
        percent = ofHundred;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        var call = real.prepareRequest(request);
        if (random.nextInt(100) >= percent) {
            return call;
        }
        var fault = random.nextInt(9);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return switch (fault) {
                    case 0, 1 -> throw new IOException("reset before the request was sent");
                    case 2, 3 -> {
                        call.call();
                        throw new IOException("reset before the answer came");
                    }
                    case 4, 5 -> error(400, "TransactionCanceledException",
                            ",\"CancellationReasons\":[{\"Code\":\"TransactionConflict\"}]");
                    case 6, 7 -> error(500, "InternalServerError", "");
                    default -> error(400, "ThrottlingException", ""); // rare: the SDK then waits for a second
                };
            }

            @Override
            public void abort() {
                call.abort();
            }
        };
    }

    private static HttpExecuteResponse error(int status, String code, String further) {
        var body = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"injected\"%s}".formatted(code,
                further);
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder().statusCode(status)
                        .putHeader("Content-Type", "application/x-amz-json-1.0").build())
                .responseBody(AbortableInputStream
                        .create(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    @Override
    public void close() {
        real.close();
    }
}
