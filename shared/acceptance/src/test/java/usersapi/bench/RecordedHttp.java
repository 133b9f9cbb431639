package usersapi.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Replaces the network of this JVM's {@code URLConnection}s: requests get the answers that were recorded over the real
 * network. What is recorded and replayed has one thread.
 */
final class RecordedHttp extends URLStreamHandler {

    /** Headers that {@link HttpClient} sets itself. */
    private static final Set<String> RESTRICTED = Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final HttpClient real = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** Synchronized, because the first call may fetch a secret beside a read. */
    private List<HttpResponse<byte[]>> answers = Collections.synchronizedList(new ArrayList<>());
    private boolean replaying;
    private int next;

    private RecordedHttp() {}

    /** Replaces the JDK's handler, which a JVM allows once. */
    static RecordedHttp install() {
        var http = new RecordedHttp();
        URL.setURLStreamHandlerFactory(protocol -> protocol.equals("http") ? http : null);
        return http;
    }

    /** Records the answers to an action over the real network. */
    List<HttpResponse<byte[]>> record(Runnable action) {
        answers = new ArrayList<>();
        action.run();
        return answers;
    }

    /** From now on gives these answers, in this order. */
    void replay(List<HttpResponse<byte[]>> recorded) {
        answers = recorded;
        next = 0;
        replaying = true;
    }

    /** Whether each answer was given. */
    boolean isOver() {
        return next == answers.size();
    }

    @Override
    protected URLConnection openConnection(URL url) {
        return new Connection(url);
    }

    private HttpResponse<byte[]> answer(Connection connection) throws IOException {
        if (replaying) {
            return answers.get(next++);
        }
        var request = HttpRequest.newBuilder(URI.create(connection.getURL().toString()))
                .method(connection.getRequestMethod(), BodyPublishers.ofByteArray(connection.body.toByteArray()));
        connection.getRequestProperties().forEach((name, values) -> {
            if (!RESTRICTED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            var answer = real.send(request.build(), BodyHandlers.ofByteArray());
            answers.add(answer);
            return answer;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private final class Connection extends HttpURLConnection {

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private HttpResponse<byte[]> answer;

        Connection(URL url) {
            super(url);
        }

        private HttpResponse<byte[]> answer() throws IOException {
            if (answer == null) {
                answer = RecordedHttp.this.answer(this);
            }
            return answer;
        }

        @Override
        public void connect() {
            // There is nothing to connect to.
        }

        @Override
        public OutputStream getOutputStream() {
            return body;
        }

        @Override
        public int getResponseCode() throws IOException {
            return answer().statusCode();
        }

        @Override
        public String getHeaderField(String name) {
            return answer.headers().firstValue(name).orElse(null);
        }

        @Override
        public Map<String, List<String>> getHeaderFields() {
            return answer.headers().map();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new ByteArrayInputStream(answer().body());
        }

        @Override
        public InputStream getErrorStream() {
            return answer.statusCode() < 400 ? null : new ByteArrayInputStream(answer.body());
        }

        @Override
        public void disconnect() {
            // As above.
        }

        @Override
        public boolean usingProxy() {
            return false;
        }
    }
}
