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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import usersapi.config.Environment;

/**
 * Makes a function do its work before SnapStart takes the snapshot, so that the snapshot has all classes and compiled code
 * of a first request. Another instance of the function works on invented data, against a server on the loopback address;
 * then one health check of DynamoDB opens a TLS connection. Only classes, compiled code, idle threads of the SDK's timers,
 * idle connections to the loopback server, and the session of the JVM's default TLS context, which no client of AWS uses,
 * remain: no credential, secret, address or time.
 *
 * <p>All functions are primed alike: the invented event has the members of every event, and the invented answer those of
 * every answer of AWS and of Stripe.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html">Lambda SnapStart</a>
 */
final class Priming {

    /** The value of every credential. */
    private static final String TOKEN = "A".repeat(43);

    /** Its SHA-256. */
    private static final String HASH = "0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a";

    /** The value of every key: the one that encrypts {@link #TOKEN} as the access token of {@link #ITEM}, and Stripe's. */
    private static final String KEY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

    /** One item that has the attributes of all items of all tables. */
    private static final String ITEM = """
            {"id": {"S": "user#u"}, "lookup": {"S": "user#u"}, "credential": {"S": "session#%1$s"}, "external_id": {"S": "u"},
             "file_id": {"S": "f"}, "entry": {"S": "file#f"},
             "email": {"S": "primed@primed.example"}, "settings": {"M": {"tz": {"S": "UTC"}}},
             "created": {"S": "2026-12-31T23:59:59.123Z"}, "modified": {"S": "2026-12-31T23:59:59.123Z"},
             "token": {"S": "k.AAAAAAAAAAAAAAAAdX4mCouXHQgw5cBEmBOGp519yS9xUiGDqjEvPOmgmnMDRS_aHC4rBmzp-p435O0OCBjkM7wfp-wIACs"},
             "token_hash": {"S": "%1$s"}, "csrf_hash": {"S": "%1$s"}, "expires": {"N": "99999999999"}, "last_seen": {"N": "1"}, "last_used": {"N": "1"},
             "label": {"S": "primed"}, "read_only": {"BOOL": false}, "slot": {"S": "00"},
             "status": {"S": "AVAILABLE"}, "size": {"N": "2"}, "bytes": {"N": "1"},
             "total_bytes": {"N": "1"}, "file_count": {"N": "1"},
             "stripe_subscription_id": {"S": "primed"}, "stripe_customer_id": {"S": "primed"}, "plan": {"S": "other"},
             "subscription_status": {"S": "active"}, "current_period_end": {"S": "2026-12-31T23:59:59Z"},
             "cancel_at_period_end": {"BOOL": false}, "payment_failed": {"BOOL": false},
             "subscription_customer_id": {"S": "primed"}, "cancel_at": {"S": "2026-12-31T23:59:59Z"},
             "trial_end": {"S": "2026-12-31T23:59:59Z"}, "checkout_number": {"N": "1"},
             "checkout_price": {"S": "other"}, "checkout_opened": {"S": "2026-12-31T23:59:59.123Z"},
             "stripe_subscription_ids": {"SS": ["primed"]}, "billing_revision": {"N": "1"}}
            """
            .formatted(HASH);

    /** The property by which the SDK finds the credentials of a container; a function with a snapshot gets its own so. */
    private static final String CREDENTIALS = "aws.containerCredentialsFullUri";

    /** The item of a user who is not a customer yet. */
    private static final String NEWCOMER = ITEM.replaceAll("\"(stripe|subscription|checkout|billing)_[a-z_]+\": "
            + "\\{\"[A-Z]+\": [^}]+}, *", "").replaceAll(",\\s*\"stripe_subscription_ids.*", "}");

    private Priming() {}

    /** Whether Lambda starts this instance for a snapshot, before any request. */
    static boolean isDue(Environment environment) {
        return environment.find("AWS_LAMBDA_INITIALIZATION_TYPE").filter("snap-start"::equals).isPresent();
    }

    /**
     * Primes the function of this class, which is configured by this environment. A failure is logged; the function then
     * works, but its first request is slower.
     */
    static void prime(Class<? extends JsonFunction> function, Environment environment) {
        var context = new PrimingContext();
        // The JVM keeps this setting. Otherwise an address from before the snapshot, or its absence, would still be cached
        // days later («Avoid using Java DNS cache» in AWS's best practices for SnapStart).
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        try {
            for (var answer : List.of(answer(ITEM, "canceled", environment), answer(ITEM, "active", environment),
                    answer(NEWCOMER, "canceled", environment), answer("{}", "canceled", environment))) {
                try (var server = new CannedServer(answer)) {
                    // The SDK reads that from a system property or the process's environment only.
                    System.setProperty(CREDENTIALS, server.endpoint());
                    var primed = function.getConstructor(Environment.class)
                            .newInstance(leadingTo(server.endpoint(), environment));
                    for (var event : List.of(event("Cookie", "sessionid=" + TOKEN, ", \\\"plan\\\": \\\"primed\\\""),
                            event("Authorization", "Bearer " + TOKEN, ""))) {
                        primed.handleRequest(new ByteArrayInputStream(event), new ByteArrayOutputStream(), context);
                    }
                }
            }
            primeTls(dynamoDb(environment));
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
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
    private static byte[] event(String header, String credential, String members) {
        return """
                {"resource": "/api/users/settings", "httpMethod": "PATCH",
                 "pathParameters": {"id": "%s", "session_id": "cs_primed"},
                 "methodArn": "arn:aws:execute-api:us-east-1:1:a/prod/PATCH/api/users/settings",
                 "multiValueHeaders": {"%s": ["%s"], "X-CSRFToken": ["%s"], "Origin": ["https://primed.example"],
                  "Stripe-Signature": ["t=1,v1=primed"]},
                 "requestContext": {"requestId": "11111111-2222-3333-4444-555555555555", "requestTimeEpoch": 1,
                  "authorizer": {"principalId": "u", "credential": "SESSION", "csrfVerified": "true", "credentialId": "%s"}},
                 "body": "{\\"tz\\": \\"UTC\\", \\"locale\\": \\"de-CH\\", \\"label\\": \\"primed\\", \\"expires_in_days\\": 1%s}",
                 "Records": [{"dynamodb": {"Keys": {"external_id": {"S": "u"}, "file_id": {"S": "f"}}}}],
                 "email": "primed@primed.example", "external_id": "00112233445566778899aabbccddeeff", "session_id": "%s", "%s": "%s", "csrf_token": "%s"}
                """
                .formatted(HASH, header, credential, TOKEN, HASH, members, TOKEN, header.toLowerCase(Locale.ROOT),
                        credential,
                        TOKEN)
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * An answer of AWS with this item, twice for a query, so that the code that sorts items is loaded too. It is also an
     * answer of Stripe, with a subscription of this status to a plan that the event does not name.
     */
    private static String answer(String item, String status, Environment environment) {
        var items = "{}".equals(item) ? "[]" : "[%s, %s]".formatted(item, item);
        return """
                {"AccessKeyId": "primed", "SecretAccessKey": "primed", "Token": "primed",
                 "Expiration": "9999-01-01T00:00:00Z",
                 "ARN": "primed", "Name": "primed", "VersionId": "primed", "VersionStages": ["AWSCURRENT"],
                 "CreatedDate": 1.767225600123E9, "SecretString": "{\\"current\\": \\"k\\", \\"k\\": \\"%s\\", \\"api_key\\": \\"%s\\",\
                 \\"webhook_secrets\\": \\"\\"}",
                 "id": "primed", "url": "https://primed.example", "created": 1, "customer": "primed", "status": "open",
                 "payment_status": "unpaid", "line_items": {"object": "list", "has_more": false, "data": [{"id": "primed",
                  "price": {"id": "price_primed"}}]},
                 "object": "list", "has_more": false, "client_reference_id": "u", "metadata": {"external_id": "u", "checkout": "1"},
                 "data": [{"id": "primed", "url": "https://primed.example", "status": "%s", "customer": "primed", "created": 1,
                  "client_reference_id": "u", "metadata": {"external_id": "u", "checkout": "1"}, "cancel_at_period_end": false,
                  "items": {"object": "list", "has_more": false, "data": [{"id": "primed", "quantity": 1,
                   "current_period_end": 1, "price": {"id": "price_other"}}]}}],
                 "Item": %s, "Attributes": %s, "Items": %s, "Responses": {"%s": %s}}
                """
                .formatted(KEY, KEY, status, item, item, items, environment.find("CREDENTIALS_TABLE").orElse("none"),
                        items);
    }

    /** The environment, changed so that its services are this server and the invented request is valid. */
    private static Environment leadingTo(String server, Environment environment) {
        var invented = Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand", "AWS_ENDPOINT_URL_DYNAMODB", server,
                "AWS_ENDPOINT_URL_SECRETS_MANAGER", server, "AWS_ACCESS_KEY_ID", "", "STRIPE_API_BASE", server,
                "STRIPE_PLANS", "primed=price_primed", "FRONTEND_ORIGINS", "https://primed.example",
                "SESSION_IDLE_DAYS", "0", "SESSION_COOKIE",
                "sessionid");
        return name -> invented.getOrDefault(name, environment.get(name));
    }
}
