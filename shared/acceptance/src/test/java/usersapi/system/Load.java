package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import usersapi.testing.Exchange;

/**
 * Clients that use the running API at the same time. Each has its own user, so that it knows the right answers; a wrong
 * answer ends the run.
 */
public final class Load {

    private static final int MAX_READS = 5_000;

    private final List<Client> clients;
    private Duration time = Duration.ZERO;

    /** Makes this number of signed-in clients. */
    public Load(int clients) {
        this.clients = IntStream.range(0, clients).mapToObj(Client::new).toList();
    }

    /** Runs all clients for this time, and drops the figures of earlier runs. */
    public void run(Duration duration) throws InterruptedException, ExecutionException {
        clients.forEach(client -> client.nanos.clear());
        long start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(clients.size())) {
            var work = clients.stream().map(client -> threads.submit(() -> {
                while (System.nanoTime() - start < duration.toNanos()) {
                    client.work();
                }
            })).toList();
            for (var each : work) {
                each.get();
            }
        }
        time = Duration.ofNanos(System.nanoTime() - start);
    }

    /** Checks the final state. */
    public void check() {
        clients.forEach(Client::check);
        var tokens = RunningApi.items("Credentials").stream()
                .filter(item -> item.get("lookup").s().startsWith("token#"))
                .collect(Collectors.groupingBy(item -> item.get("external_id").s(), Collectors.counting()));
        assertThat(clients).allSatisfy(client -> assertThat(tokens).containsEntry(client.user.externalId(), 1L));
    }

    /** The run's requests per second, and the time of each kind of request, with the client's own work. */
    public String figures() {
        var nanos = new TreeMap<String, List<Long>>();
        clients.forEach(client -> client.nanos
                .forEach((request, taken) -> nanos.computeIfAbsent(request, first -> new ArrayList<>()).addAll(taken)));
        var all = nanos.values().stream().flatMap(List::stream).toList();
        var lines = new StringBuilder("%d clients, %.0f requests/s%n".formatted(clients.size(),
                all.size() * 1e9 / time.toNanos()));
        nanos.put("all", all);
        nanos.forEach((request, taken) -> lines.append("  %-42s %6d   p50 %6.1f ms   p99 %6.1f ms%n"
                .formatted(request, taken.size(), millis(taken, 50), millis(taken, 99))));
        return lines.toString();
    }

    private static double millis(List<Long> nanos, int percent) {
        return nanos.stream().sorted().skip((long) nanos.size() * percent / 100).findFirst().orElseThrow() / 1e6;
    }

    private static final class Client {

        private final Random random;
        private final SignedIn user;
        private final List<String> endedTokens = new ArrayList<>();
        private final Map<String, Long> files = new HashMap<>();
        private final Map<String, List<Long>> nanos = new HashMap<>();
        private String token;

        Client(int number) {
            random = new Random(number);
            user = SignedIn.as("load%d@example.com".formatted(number));
            token = user.accessToken();
        }

        /** Makes one random request; frequent requests are more likely. */
        void work() {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4 -> get("/api/users/me/");
                case 5, 6, 7, 8 -> showByToken(token, 200);
                case 9 -> endedTokens.stream().skip(random.nextInt(endedTokens.size() + 1)).findFirst()
                        .ifPresent(ended -> showByToken(ended, 401));
                case 10, 11, 12 -> get("/api/users/storage/");
                case 13 -> assertThat(get("/api/users/me/token/").json().path("access_token").asText())
                        .isEqualTo(token);
                case 14 -> regenerate();
                case 15, 16 -> send("PATCH /api/users/settings/", user.changing("PATCH", "/api/users/settings/")
                        .body("{\"tz\": \"Europe/Zurich\"}"), 200);
                case 17 -> send("PATCH /api/users/settings/ without CSRF token",
                        user.request("PATCH", "/api/users/settings/").body("{\"tz\": null}"), 403);
                case 18 -> get("/api/users/stripe/subscription/");
                default -> file();
            }
        }

        private void regenerate() {
            var path = "/api/users/me/token/regenerate/";
            endedTokens.add(token);
            token = send("POST " + path, user.changing("POST", path), 200).json().path("access_token").asText();
            assertThat(endedTokens).doesNotContain(token);
        }

        private void file() {
            var id = "f" + random.nextInt(5);
            var path = "/local/files/" + id;
            if (random.nextInt(3) == 0) {
                send("DELETE /local/files/", user.request("DELETE", path), 204);
                files.remove(id);
            } else {
                long size = random.nextLong(1L << 40);
                send("PUT /local/files/", user.request("PUT", path)
                        .body("{\"size\": %d, \"status\": \"AVAILABLE\"}".formatted(size)), 204);
                files.put(id, size);
            }
        }

        private Exchange.Reply get(String path) {
            return send("GET " + path, user.request("GET", path), 200);
        }

        private void showByToken(String bearer, int status) {
            send("GET /api/users/me/ by %stoken".formatted(status == 200 ? "" : "ended "),
                    Exchange.of(user.api(), "GET", "/api/users/me/").header("Authorization", "Bearer " + bearer),
                    status);
        }

        private Exchange.Reply send(String request, Exchange exchange, int expected) {
            long start = System.nanoTime();
            var reply = exchange.send();
            nanos.computeIfAbsent(request, first -> new ArrayList<>()).add(System.nanoTime() - start);
            assertThat(reply.status()).as("%s: %s", request, reply.text()).isEqualTo(expected);
            return reply;
        }

        void check() {
            assertThat(user.accessToken()).isEqualTo(token);
            showByToken(token, 200);
            endedTokens.forEach(ended -> showByToken(ended, 401));
            var settled = "{\"total_bytes\":%d,\"file_count\":%d}"
                    .formatted(files.values().stream().mapToLong(Long::longValue).sum(), files.size());
            // Repeats until the stream has been processed this far.
            for (int read = 0; read < MAX_READS && !get("/api/users/storage/").text().equals(settled); read++) {
                Thread.onSpinWait();
            }
            assertThat(get("/api/users/storage/").text()).isEqualTo(settled);
        }
    }
}
