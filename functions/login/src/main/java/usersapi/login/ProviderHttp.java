package usersapi.login;

import static usersapi.login.SignInError.PROVIDER_UNAVAILABLE;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import usersapi.lambda.CurrentInvocation;

/**
 * Sends requests to the provider, with limits: no redirect is followed, an answer has at most 1 MB, and request and answer
 * together take at most five seconds, also if the answer is slow.
 */
final class ProviderHttp {

    /**
     * A request.
     *
     * @param authorization the value of the Authorization header, if any
     * @param form the posted form; without one the method is GET
     */
    record Request(URI url, Optional<String> authorization, Optional<String> form) {

        /** Without secret and code. */
        @Override
        public String toString() {
            return "Request[redacted]";
        }
    }

    /**
     * An answer with status 200 or 4xx.
     *
     * @param body the body as text; empty if there is none
     */
    record Answer(int status, String body) {

        boolean isOk() {
            return status == HttpURLConnection.HTTP_OK;
        }

        /** Without tokens and claims. */
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    private static final Duration MAX_TIME = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1024 * 1024;
    /** The part of the invocation's time that is kept in reserve, for the calls of AWS at the end of a sign-in. */
    private static final Duration RESERVE = Duration.ofSeconds(6);
    private static final String TOO_LATE = "no answer in time";
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY_REQUESTS = 429;

    private final UnaryOperator<URI> route;
    private final Duration limit;

    ProviderHttp(ProviderSettings settings) {
        this(settings::reached, MAX_TIME);
    }

    /** A client with another time limit. */
    ProviderHttp(UnaryOperator<URI> route, Duration limit) {
        this.route = route;
        this.limit = limit;
    }

    /** The body of a JSON document. */
    String get(URI url) {
        return ok(send(new Request(url, Optional.empty(), Optional.empty()))).body();
    }

    /** Returns the answer if it is a 200. */
    static Answer ok(Answer answer) {
        if (!answer.isOk()) {
            throw unavailable("status " + answer.status());
        }
        return answer;
    }

    /**
     * Sends a request.
     *
     * @throws RefusedException for any other status, and if there is no answer within the limits
     */
    Answer send(Request request) {
        var left = CurrentInvocation.timeLeft().map(time -> time.minus(RESERVE))
                .filter(time -> time.compareTo(limit) < 0)
                .orElse(limit);
        if (!left.isPositive()) {
            throw unavailable("no time left");
        }
        HttpURLConnection connection;
        try {
            connection = opened(request, left);
        } catch (IOException e) {
            throw unavailable(e.getClass().getSimpleName());
        }
        var task = new FutureTask<>(() -> exchange(connection, request));
        // A virtual thread, because an interrupt ends its read from a socket. It costs 2 % of a cold start. Closing the
        // connection instead would wait for the lock that a read of the body holds.
        Thread.ofVirtual().start(task);
        try {
            return task.get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw unavailable(TOO_LATE);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw unavailable("interrupted");
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case RefusedException refused -> refused;
                // The socket's own limit is the same, and may be noticed first.
                case SocketTimeoutException timeout -> unavailable(TOO_LATE);
                default -> unavailable(e.getCause().getClass().getSimpleName());
            };
        }
    }

    private HttpURLConnection opened(Request request, Duration left) throws IOException {
        var connection = (HttpURLConnection) route.apply(request.url()).toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout((int) left.toMillis());
        connection.setReadTimeout((int) left.toMillis());
        request.authorization().ifPresent(value -> connection.setRequestProperty("Authorization", value));
        connection.setRequestProperty("Accept", "application/json");
        return connection;
    }

    private static Answer exchange(HttpURLConnection connection, Request request) throws IOException {
        try {
            if (request.form().isPresent()) {
                var body = request.form().get().getBytes(StandardCharsets.UTF_8);
                connection.setRequestMethod("POST");
                connection.setDoOutput(true);
                // Streamed, because the JDK repeats a buffered request if a kept connection turns out to be closed, and a
                // code works only once.
                connection.setFixedLengthStreamingMode(body.length);
                try (var out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            return answer(connection);
        } catch (HttpRetryException e) {
            // The JDK throws this for a 401 to a streamed body.
            return new Answer(e.responseCode(), "");
        } catch (IOException | RuntimeException e) {
            connection.disconnect();
            throw e;
        }
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        boolean isOk = status == HttpURLConnection.HTTP_OK;
        boolean isUsable = isOk
                || (status >= HttpURLConnection.HTTP_BAD_REQUEST && status < SERVER_ERROR
                        && status != TOO_MANY_REQUESTS);
        if (!isUsable) {
            throw unavailable("status " + status);
        }
        try (var in = isOk ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, text(in));
        }
    }

    private static String text(InputStream in) throws IOException {
        if (in == null) {
            return "";
        }
        var bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw unavailable("more than 1 MB");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static RefusedException unavailable(String reason) {
        return RefusedException.provider(PROVIDER_UNAVAILABLE, reason);
    }
}
