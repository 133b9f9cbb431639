package usersapi.system;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.local.LocalGateway;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;
import usersapi.testing.Exchange;

/** The whole API, started once for all tests of this JVM. Each of its replies must agree with its description. */
public final class RunningApi {

    /** Its services of AWS. */
    public static final LocalAws AWS = LocalAws.forTests();

    private static final ApiDescription DESCRIPTION = ApiDescription.read();
    private static final LocalGateway GATEWAY;

    static {
        GATEWAY = start();
        Exchange.checkRepliesOf(GATEWAY.uri(), RunningApi::check);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            GATEWAY.close();
            AWS.remove(GATEWAY.template());
        }));
    }

    private RunningApi() {}

    private static LocalGateway start() {
        // The endpoint may have other tables and secrets.
        var suffix = "-" + UUID.randomUUID();
        return LocalGateway.start(Template.projectDirectory().resolve("template.yaml"), AWS, id -> id + suffix, 0);
    }

    /** The template with the functions' environment. */
    public static Template template() {
        return GATEWAY.template();
    }

    /** The value of a variable in the environment of its functions. */
    public static String variable(String name) {
        return template().environment().get(name);
    }

    /** The text of the secret that this variable names. */
    public static String secret(String variable) {
        return AWS.secrets().getSecretValue(get -> get.secretId(variable(variable))).secretString();
    }

    /** Its base URL. */
    public static URI uri() {
        return GATEWAY.uri();
    }

    /** Fails if the description of the API does not know such a reply. */
    static void check(String method, URI request, Exchange.Reply reply) {
        if (request.getRawPath().startsWith("/api/")) {
            DESCRIPTION.check(method, request.getRawPath(), reply.status(), reply.text());
        }
    }

    /** All items of all tables, in a stable order. */
    public static List<Map<String, AttributeValue>> items() {
        return AWS.items(GATEWAY.template());
    }

    /** All items of the table with this logical id. */
    static List<Map<String, AttributeValue>> items(String table) {
        return AWS.items(GATEWAY.template().table(table));
    }

    /** The profile of a user. */
    static Map<String, AttributeValue> profile(String userId) {
        return items("Users").stream().filter(item -> item.get("id").s().equals("user#" + userId)).findFirst()
                .orElseThrow();
    }

    /** The name of the table of this logical id. */
    static String table(String id) {
        return GATEWAY.template().table(id).name();
    }

    /** Writes an item with some of its attributes changed. */
    static void put(String table, Map<String, AttributeValue> item, Map<String, AttributeValue> changes) {
        var changed = new HashMap<>(item);
        changed.putAll(changes);
        AWS.dynamoDb().putItem(put -> put.tableName(table(table)).item(changed));
    }
}
