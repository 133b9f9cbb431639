package usersapi.lambda;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.config.Environment;
import usersapi.json.JsonObject;

/**
 * Makes a function do its work before SnapStart takes the snapshot, so that the snapshot has all classes and compiled code
 * of a first request. Another instance of the function works on invented data, against a server on the loopback address;
 * then one health check of DynamoDB opens a TLS connection. Only classes, compiled code, idle threads of the SDK's timers,
 * idle connections to the loopback server, and the session of the JVM's default TLS context, which no client of AWS uses,
 * remain: no credential, secret, address or time.
 *
 * <p>All functions are primed alike: the invented event has the members of every event, and the invented answer has the
 * {@link Sample}s of all components of the function's modules.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html">Lambda SnapStart</a>
 */
public final class Priming {

    /** The number of different answers with items; the samples have at most so many variants. A further one has none. */
    private static final int VARIANTS = 3;

    /** The value of every credential. */
    private static final String TOKEN = "A".repeat(43);

    /** Its SHA-256. */
    private static final String HASH = "0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a";

    /** The property by which the SDK finds the credentials of a container; a function with a snapshot gets its own so. */
    private static final String CREDENTIALS = "aws.containerCredentialsFullUri";

    private Priming() {}

    /**
     * Primes a function, if Lambda will take a snapshot of this instance before any request. A failure is logged; the
     * function then works, but its first request is slower.
     *
     * @param environment the environment of this instance
     * @param function makes another instance, to be primed
     * @param component has the samples
     */
    public static void beforeSnapshot(Environment environment, Function<Environment, JsonFunction> function,
            Primed component) {
        if (environment.find("AWS_LAMBDA_INITIALIZATION_TYPE").filter("snap-start"::equals).isEmpty()) {
            return;
        }
        var context = new PrimingContext();
        // The JVM keeps this setting. Otherwise an address from before the snapshot, or its absence, would still be cached
        // days later («Avoid using Java DNS cache» in AWS's best practices for SnapStart).
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        try {
            var samples = component.samples();
            for (int variant = 0; variant <= VARIANTS; variant++) {
                var answer = answer(samples, variant, environment);
                try (var server = new CannedServer(answer.toJson())) {
                    // The SDK reads that from a system property or the process's environment only.
                    System.setProperty(CREDENTIALS, server.endpoint());
                    var primed = function.apply(leadingTo(server.endpoint(), samples, environment));
                    for (var event : List.of(event("Cookie", "sessionid=" + TOKEN, ", \\\"plan\\\": \\\"primed\\\""),
                            event("Authorization", "Bearer " + TOKEN, ""))) {
                        primed.handleRequest(new ByteArrayInputStream(event), new ByteArrayOutputStream(), context);
                    }
                }
            }
            primeTls(dynamoDb(environment));
        } catch (IOException | RuntimeException e) {
            LambdaRuntime.getLogger().log(FunctionLog.bytes(
                    FunctionLog.failure(e).put("level", "WARN").put("function", context.getFunctionName())),
                    LogLevel.WARN);
        } finally {
            System.clearProperty(CREDENTIALS);
        }
    }

    /** Where the SDK finds DynamoDB. */
    private static String dynamoDb(Environment environment) {
        return environment.find("AWS_ENDPOINT_URL_DYNAMODB").or(() -> environment.find("AWS_ENDPOINT_URL"))
                .orElseGet(() -> "https://" + DynamoDbClient.serviceMetadata()
                        .endpointFor(Region.of(environment.required("AWS_REGION"))));
    }

    /** Asks DynamoDB's health check, which needs no credential, to open a TLS connection and close it again. */
    private static void primeTls(String endpoint) throws IOException {
        var connection = (HttpURLConnection) URI.create(endpoint).toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(1_000);
        connection.setRequestProperty("Connection", "close");
        connection.getResponseCode();
        connection.disconnect();
    }

    /** An event with a credential, and with these further members in its body. */
    static byte[] event(String header, String credential, String members) {
        return """
                {"resource": "/api/users/settings", "httpMethod": "PATCH",
                 "pathParameters": {"id": "%s", "session_id": "cs_primed"},
                 "methodArn": "arn:aws:execute-api:us-east-1:1:a/prod/PATCH/api/users/settings",
                 "multiValueHeaders": {"%s": ["%s"], "X-CSRFToken": ["%s"], "Origin": ["https://primed.example"],
                  "Stripe-Signature": ["t=1,v1=primed"]},
                 "requestContext": {"requestId": "11111111-2222-3333-4444-555555555555", "requestTimeEpoch": 1,
                  "authorizer": {"principalId": "u", "credential": "SESSION", "csrfVerified": "true", "credentialId": "%s"}},
                 "body": "{\\"tz\\": \\"UTC\\", \\"locale\\": \\"de-CH\\", \\"label\\": \\"primed\\", \\"expires_in_days\\": 1%s}",
                 "Records": [{"dynamodb": {"SequenceNumber": "1", "Keys": {"external_id": {"S": "u"}, "file_id": {"S": "f"}}}}],
                 "email": "primed@primed.example", "external_id": "00112233445566778899aabbccddeeff", "session_id": "%s", "%s": "%s", "csrf_token": "%s"}
                """
                .formatted(HASH, header, credential, TOKEN, HASH, members, TOKEN, header.toLowerCase(Locale.ROOT),
                        credential,
                        TOKEN)
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * An answer that is one of AWS and of every other service. It has the item of this variant twice for a query, so that
     * the code that sorts items is loaded too, and after the last variant no item.
     */
    private static JsonObject answer(Set<Sample> samples, int variant, Environment environment) {
        var item = new JsonObject();
        var secret = new JsonObject();
        var answer = Sample.parsed("""
                {"AccessKeyId": "primed", "SecretAccessKey": "primed", "Token": "primed",
                 "Expiration": "9999-01-01T00:00:00Z",
                 "ARN": "primed", "Name": "primed", "VersionId": "primed", "VersionStages": ["AWSCURRENT"],
                 "CreatedDate": 1767225600.123}""");
        for (var sample : samples) {
            switch (sample) {
                case Sample.Item(_, var variants) when variant < VARIANTS -> add(variants, variant, item);
                case Sample.Secret(var members) -> add(List.of(members), 0, secret);
                case Sample.Answer(var variants) -> add(variants, variant, answer);
                case Sample.Item _,Sample.Variable _,Sample.Service _ -> {
                }
            }
        }
        var items = item.isEmpty() ? List.of() : List.of(item, item);
        return answer.put("SecretString", secret.toJson()).put("Item", item).put("Attributes", item).put("Items", items)
                .put("Responses", new JsonObject().put(environment.find("CREDENTIALS_TABLE").orElse("none"), items));
    }

    private static void add(List<JsonObject> variants, int variant, JsonObject to) {
        variants.get(Math.min(variant, variants.size() - 1)).members().forEach(to::put);
    }

    /** The environment, changed so that its services are this server and the invented request is valid. */
    private static Environment leadingTo(String server, Set<Sample> samples, Environment environment) {
        var invented = new HashMap<>(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand", "AWS_ENDPOINT_URL_DYNAMODB",
                server, "AWS_ENDPOINT_URL_SECRETS_MANAGER", server, "AWS_ACCESS_KEY_ID", "", "FRONTEND_ORIGINS",
                "https://primed.example", "SESSION_IDLE_DAYS", "0", "SESSION_COOKIE", "sessionid"));
        for (var sample : samples) {
            switch (sample) {
                case Sample.Variable(var name, var value) -> invented.put(name, value);
                case Sample.Service(var name) -> invented.put(name, server);
                case Sample.Item _,Sample.Secret _,Sample.Answer _ -> {
                }
            }
        }
        return name -> invented.getOrDefault(name, environment.get(name));
    }
}
