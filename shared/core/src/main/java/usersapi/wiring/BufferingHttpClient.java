package usersapi.wiring;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Keeps {@link java.net.HttpURLConnection} from streaming. The SDK tells it beforehand how long a body is, and then it does;
 * but before it streams over a connection that was used before, the JDK waits a millisecond for the server to close that
 * ({@code HttpClient.available()} in {@code sun.net.www.http}), which is much of what a warm read takes. Not told, it takes
 * the body first, and where a connection turns out to be closed it sends the request again, at most twice: like the SDK,
 * which retries too, whatever the request is.
 */
final class BufferingHttpClient implements SdkHttpClient {

    private final SdkHttpClient client;

    /** One that sends by this client of URLConnection. */
    BufferingHttpClient(SdkHttpClient client) {
        this.client = client;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        var withoutLength = request.httpRequest().toBuilder().removeHeader("Content-Length").build();
        return client.prepareRequest(HttpExecuteRequest.builder().request(withoutLength)
                .contentStreamProvider(request.contentStreamProvider().orElse(null))
                .metricCollector(request.metricCollector().orElse(null)).build());
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
