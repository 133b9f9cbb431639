package usersapi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import usersapi.bench.simulation.Simulations;
import usersapi.standin.Template;
import usersapi.standin.TemplateSource;

/**
 * The needs of a deployment by its requests per second and by its users. It multiplies the costs of one request in
 * {@code docs/costs.md} by a mix of requests, and compares the result with the default quotas of an AWS account in
 * us-east-1.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html">API Gateway quotas</a>
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html">DynamoDB quotas</a>
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html">Secrets Manager
 *     quotas</a>
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html">KMS quotas</a>
 * @see <a href="https://docs.stripe.com/rate-limits">Stripe's rate limits</a>
 */
final class CapacityModel {

    private static final int[] RATES = {100, 1_000, 10_000, 100_000};
    private static final double[] USERS = {1e5, 1e6, 1e7, 1e8};

    private static final double SECONDS_A_MONTH = 365.25 / 12 * 24 * 3600;
    /** How long an instance keeps a secret: {@code CachedSecret}. */
    private static final int SECONDS_A_SECRET_IS_KEPT = 300;

    private static final int LAMBDA_CONCURRENCY = 1_000;
    private static final int LAMBDA_INSTANCES_IN_10_S = 1_000;
    private static final int API_GATEWAY_REQUESTS = 10_000;
    private static final int TABLE_UNITS = 40_000;
    private static final int NEW_TABLE_READS = 12_000;
    private static final int NEW_TABLE_WRITES = 4_000;
    private static final int PARTITION_READS = 3_000;
    private static final int PARTITION_WRITES = 1_000;
    private static final int SECRET_READS = 10_000;
    private static final int KMS_REQUESTS = 100_000;
    private static final int STRIPE_REQUESTS = 100;

    /** The measured rate of settling one file after the other (docs/costs.md). */
    private static final int SETTLED_A_SECOND = 72;
    private static final int FILES_OF_A_USER = 50;
    /** The size of an item with its keys and DynamoDB's overhead. */
    private static final int BYTES_OF_A_USER = 1_100;
    private static final int BYTES_OF_CREDENTIALS = 1_800;
    private static final int BYTES_OF_A_FILE = 280;
    private static final int BYTES_OF_A_COUNTED_FILE = 230;
    private static final double DOLLARS_A_GIGABYTE = 0.25 + 0.20;
    /** The rate at which a scan re-encrypts profiles: each takes its share of a page and one conditional write. */
    private static final int REENCRYPTED_A_SECOND = 150;
    /** The rate at which a scan exports users: each takes about ten calls, one after the other. */
    private static final int EXPORTED_A_SECOND = 20;

    private static final Pattern ROW = Pattern.compile("^\\| `?([^`|]+?)`? \\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern UNITS = Pattern.compile("\\((\\d+)\\)");

    /** The number of each request in a thousand; {@code SettleStorage} and {@code OpenSession} are in addition. */
    private static final Map<String, Integer> MIX = Map.ofEntries(Map.entry("GET /api/users/me/", 460),
            Map.entry("GET /api/users/me/token/", 50), Map.entry("GET /api/users/settings/", 150),
            Map.entry("GET /api/users/storage/", 150), Map.entry("GET /api/users/stripe/subscription/", 120),
            Map.entry("GET /api/users/sessions/", 15), Map.entry("PATCH /api/users/settings/", 20),
            Map.entry("POST /api/users/me/token/regenerate/", 5), Map.entry("POST /api/users/stripe/checkout/", 3),
            Map.entry("POST /api/users/stripe/portal/", 2), Map.entry("POST /api/users/stripe/webhook/", 5),
            Map.entry("any of them, refused with 401", 20), Map.entry("OpenSession", 5),
            Map.entry("SettleStorage", 50));

    /**
     * The needs of one request.
     *
     * @param share its share of the mix
     * @param authorizer seconds of the authorizer
     * @param function seconds of its function
     * @param readUnits of DynamoDB's, of all tables
     * @param dollars dollars for a million of them
     * @param logDollars of a million of them
     */
    private record Request(String name, double share, double authorizer, double function, double readUnits,
            double writeUnits, double dollars, double logDollars) {

        boolean asksStripe() {
            return name.contains("/stripe/") && !name.startsWith("GET");
        }

        boolean isAuthorized() {
            return authorizer > 0;
        }

        /** The authorizer's read, and that of the session after a token was read that is shown. */
        int credentialReads() {
            return !isAuthorized() ? 0 : name.contains("GET /api/users/me/") ? 2 : 1;
        }

        /** Whether the function reads a secret: it shows or replaces the token, or calls Stripe. */
        boolean readsSecret() {
            return name.contains("/me/") || asksStripe();
        }
    }

    private final List<Request> requests;
    private final int throttlingRate;
    private final int throttlingBurst;
    private final int parallelization;
    private final int segments;

    CapacityModel() {
        var costs = read();
        requests = ROW.matcher(costs).results().filter(row -> MIX.containsKey(row.group(1)))
                .map(row -> request(row.group(1), row.group(2).split(" ?\\| ?", -1))).toList();
        if (requests.size() != MIX.size()) {
            throw new IllegalStateException("docs/costs.md lacks a request of the mix");
        }
        var template = TemplateSource.read();
        throttlingRate = (int) template.section("Parameters").get("ThrottlingRate").get("Default");
        throttlingBurst = (int) template.section("Parameters").get("ThrottlingBurst").get("Default");
        segments = (int) template.section("Parameters").get("Segments").get("Default");
        parallelization = template.section("Resources").values().stream()
                .filter(resource -> resource.get("Type").equals("AWS::Lambda::EventSourceMapping"))
                .map(resource -> (int) ((Map<?, ?>) resource.get("Properties")).get("ParallelizationFactor"))
                .findFirst().orElseThrow();
    }

    /** Prints all tables; {@code mvn -Pbenchmark} runs it. */
    public static void main(String[] args) {
        new CapacityModel().tables().forEach(table -> System.out.println("\n" + table));
    }

    /** The rows of each table of docs/scale.md. */
    List<String> tables() {
        return Stream.concat(Stream.of(rates(), limits(), users(), extremes()),
                Simulations.tables(throttlingRate, throttlingBurst, parallelization, SETTLED_A_SECOND).stream())
                .toList();
    }

    private static String read() {
        try {
            return Files.readString(Template.projectDirectory().resolve("docs/costs.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Request request(String name, String[] columns) {
        return new Request(name, MIX.get(name) / 1_000.0, seconds(columns[1]), seconds(columns[2]), units(columns[3]),
                units(columns[4]), dollars(columns[7]), dollars(columns[5]));
    }

    /** The seconds of an invocation with a gigabyte of memory, by its price. */
    private static double seconds(String price) {
        return price.isBlank()
                ? 0
                : Math.max(0, dollars(price) - Prices.MILLION_INVOCATIONS) / 1e6 / Prices.GIGABYTE_SECOND.get("arm64");
    }

    private static double dollars(String column) {
        return column.isBlank() ? 0 : Double.parseDouble(column.strip().replaceFirst(" .*", ""));
    }

    private static double units(String column) {
        return UNITS.matcher(column).results().mapToDouble(units -> Double.parseDouble(units.group(1))).sum();
    }

    private double each(ToDoubleFunction<Request> amount) {
        return requests.stream().mapToDouble(request -> request.share * amount.applyAsDouble(request)).sum();
    }

    /** Instances that work at the same time, at one request a second (Little's law). */
    private double concurrency() {
        return each(request -> request.authorizer + request.function);
    }

    /** Rows: the needs of all requests together, by their rate. */
    private String rates() {
        double settling = each(request -> request.name.equals("SettleStorage") ? request.function : 0);
        return table(
                row("instances of the authorizer", rate -> rate * each(Request::authorizer)),
                row("instances of the routes' functions",
                        rate -> rate * (each(Request::function) - settling)),
                row("instances of `SettleStorage`", rate -> rate * settling),
                row("read units a second", rate -> rate * each(Request::readUnits)),
                row("write units a second", rate -> rate * each(Request::writeUnits)),
                row("calls of Stripe a second", rate -> rate * each(request -> request.asksStripe() ? 1 : 0)),
                row("calls of Secrets Manager a minute", rate -> 60 * secretReads(rate)),
                row("GB of logs a day",
                        rate -> rate * 86_400 * each(Request::logDollars) / 1e6 / Prices.GIGABYTE_OF_LOGS),
                row("dollars a month", rate -> rate * SECONDS_A_MONTH * each(Request::dollars) / 1e6));
    }

    private double secretReads(double rate) {
        return rate * each(request -> request.readsSecret() ? request.function : 0) / SECONDS_A_SECRET_IS_KEPT;
    }

    private static String row(String name, ToDoubleFunction<Double> amount) {
        return "| %s | %s |\n".formatted(name,
                IntStream.of(RATES).mapToObj(rate -> number(amount.applyAsDouble((double) rate)))
                        .collect(Collectors.joining(" | ")));
    }

    /** A limit, the rate that reaches it, and the action then. */
    private record Limit(String name, String value, double rate, String action) {

        String markdown() {
            return "| %s | %s | %s | %s |\n".formatted(number(rate), name, value, action);
        }
    }

    /** Rows: limits, in the order in which they are reached. */
    private String limits() {
        double busiest = requests.stream().filter(Request::isAuthorized).mapToDouble(Request::share).max()
                .orElseThrow();
        double credentials = each(Request::credentialReads);
        double users = each(request -> request.isAuthorized()
                ? Math.max(0, request.readUnits - request.credentialReads())
                : 0);
        double writes = each(request -> request.name.equals("SettleStorage") ? 0 : request.writeUnits);
        return Stream.of(
                new Limit("requests to one route, `ThrottlingRate`", number(throttlingRate), throttlingRate / busiest,
                        "raise the parameter"),
                new Limit("API Gateway's requests of an account", number(API_GATEWAY_REQUESTS), API_GATEWAY_REQUESTS,
                        "ask AWS for more"),
                new Limit("Lambda's concurrency of an account", number(LAMBDA_CONCURRENCY),
                        LAMBDA_CONCURRENCY / concurrency(), "ask AWS for more"),
                new Limit("read units of a new table `Credentials`", number(NEW_TABLE_READS),
                        NEW_TABLE_READS / credentials, "warm the table's throughput before a launch"),
                new Limit("read units of the table `Credentials`", number(TABLE_UNITS), TABLE_UNITS / credentials,
                        "ask AWS for more"),
                new Limit("read units of the table `Users`", number(TABLE_UNITS), TABLE_UNITS / users,
                        "ask AWS for more"),
                new Limit("write units of a new table `Users`", number(NEW_TABLE_WRITES), NEW_TABLE_WRITES / writes,
                        "warm the table's throughput before a launch"),
                new Limit("requests to Stripe's live mode", number(STRIPE_REQUESTS),
                        STRIPE_REQUESTS / each(request -> request.asksStripe() ? 1 : 0), "ask Stripe for more"),
                new Limit("reads of secrets of an account", number(SECRET_READS), SECRET_READS / secretReads(1),
                        "keep secrets for longer than five minutes"),
                new Limit("KMS's requests of an account, with `Encryption=Own`", number(KMS_REQUESTS),
                        KMS_REQUESTS / secretReads(1), "the same"))
                .sorted(Comparator.comparingDouble(Limit::rate)).map(Limit::markdown).collect(Collectors.joining());
    }

    /** Rows: the size of the data, by the number of users. */
    private String users() {
        return table(users("GB of `Users`", users -> gigabytes(users * BYTES_OF_A_USER)),
                users("GB of `Credentials`", users -> gigabytes(users * BYTES_OF_CREDENTIALS)),
                users("GB of `Files`", users -> gigabytes(users * FILES_OF_A_USER * BYTES_OF_A_FILE)),
                users("GB of `StorageTotals`",
                        users -> gigabytes(users * (FILES_OF_A_USER + 1.0) * BYTES_OF_A_COUNTED_FILE)),
                users("dollars a month for all that, with point-in-time recovery",
                        users -> DOLLARS_A_GIGABYTE * gigabytes(users * (BYTES_OF_A_USER + BYTES_OF_CREDENTIALS
                                + FILES_OF_A_USER * BYTES_OF_A_FILE
                                + (FILES_OF_A_USER + 1.0) * BYTES_OF_A_COUNTED_FILE))),
                users("hours of `ReencryptTokens` for all, `Segments=%d`".formatted(segments),
                        users -> users / REENCRYPTED_A_SECOND / segments / 3_600),
                users("hours of `ExportUser` for all, `Segments=%d`".formatted(segments),
                        users -> users / EXPORTED_A_SECOND / segments / 3_600),
                users("hours of `RecountStorage` for all, `Segments=%d`".formatted(segments),
                        users -> users * FILES_OF_A_USER / SETTLED_A_SECOND / segments / 3_600),
                users("hours of `RecountStorage` for all, `Segments=40`",
                        users -> users * FILES_OF_A_USER / SETTLED_A_SECOND / 40 / 3_600));
    }

    private static String users(String name, ToDoubleFunction<Double> amount) {
        return "| %s | %s |\n".formatted(name,
                DoubleStream.of(USERS)
                        .mapToObj(users -> number(amount.applyAsDouble(users))).collect(Collectors.joining(" | ")));
    }

    /** Rows: the limits of one user, and of all users at once. */
    private String extremes() {
        double concurrency = 10_000 * concurrency();
        return table(
                "| requests a second with one credential | %s | the reads of one item; beyond, DynamoDB throttles them, see below |\n"
                        .formatted(number(PARTITION_READS)),
                "| changes of settings a second of one user | %s | the writes of one item |\n"
                        .formatted(number(PARTITION_WRITES)),
                "| seconds until 100,000 changes of one user's files are settled | %s | one after the other, because all change one total; other users' files share the lane |\n"
                        .formatted(number(100_000.0 / SETTLED_A_SECOND)),
                "| changes of files a second that one stream shard settles | %s | %d lanes side by side; a shard is the part of the table that takes 1,000 writes a second |\n"
                        .formatted(number((double) SETTLED_A_SECOND * parallelization), parallelization),
                "| seconds until Lambda has all instances for 10,000 requests a second that come at once | %s | %s instances of a function more in 10 s; until then callers get 429 or 5xx and try again |\n"
                        .formatted(number(concurrency / LAMBDA_INSTANCES_IN_10_S * 10),
                                number(LAMBDA_INSTANCES_IN_10_S)));
    }

    private static double gigabytes(double bytes) {
        return bytes / (1L << 30);
    }

    private static String table(String... rows) {
        return String.join("", rows);
    }

    /** Rounded to two significant digits, as a model has no more. */
    private static String number(double value) {
        if (value <= 0) {
            return "0";
        }
        double unit = Math.pow(10, Math.floor(Math.log10(value)) - 1);
        double rounded = Math.round(value / unit) * unit;
        return rounded >= 10
                ? String.format(Locale.ROOT, "%,.0f", rounded)
                : String.format(Locale.ROOT, "%.1f", rounded);
    }
}
