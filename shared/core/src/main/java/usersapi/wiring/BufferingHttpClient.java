package usersapi.wiring;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Makes {@link java.net.HttpURLConnection} buffer bodies instead of streaming them. It streams when the SDK tells it the
 * length of a body beforehand. But before it streams over a used connection, the JDK waits a millisecond for the server to
 * close it ({@code HttpClient.available()} in {@code sun.net.www.http}), which is a large part of a warm read. Without the
 * length it buffers the body, and repeats a request at most twice over a connection that turns out to be closed; the SDK
 * repeats requests too.
 */
final class BufferingHttpClient implements SdkHttpClient {

    private final SdkHttpClient client;

    /** A client that sends by this client of URLConnection. */
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
