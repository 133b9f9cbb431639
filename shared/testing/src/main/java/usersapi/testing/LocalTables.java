package usersapi.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;

/**
 * Gives a test class its own tables and secrets, made as {@code template.yaml} says, and gives the
 * environment of the template's functions, with which they are made here:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LocalTables TABLES = new LocalTables();
 *
 * private final GetCurrentUserHandler handler = new GetCurrentUserHandler(TABLES::variable);
 * }</pre>
 *
 * <p>The servers behind them start once per JVM; with the system property {@code aws.endpoint} the emulator there is used instead.
 */
public final class LocalTables implements BeforeAllCallback, AfterAllCallback {

    private static final class Shared {

        static final LocalAws AWS = LocalAws.forTests();
    }

    /**
     * Values for the template's parameters that have no default, the cookies' names as the local server has them, and an
     * endpoint, without which the functions would have no variables for one.
     */
    public static final Map<String, String> PARAMETERS = Map.of("FrontendOrigin", "https://app.example.com",
            "StripePlans", "pro=price_pro,team=price_team", "SessionCookie", "sessionid", "CsrfCookie", "csrftoken",
            "AwsEndpoint", "http://127.0.0.1:4566", "OidcIssuer", "https://idp.example.com", "OidcClientId", "client");

    private static final Pattern SUFFIX = Pattern.compile("-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}$");

    private Template template;

    /** The template's tables, for the frontend {@code https://app.example.com} and the plans {@code pro} and {@code team}. */
    public LocalTables() {
        this(Map.of());
    }

    /** The same, with these values for the template's parameters. */
    public LocalTables(Map<String, String> parameters) {
        var values = new HashMap<>(PARAMETERS);
        values.putAll(parameters);
        var suffix = "-" + UUID.randomUUID();
        template = Template.read(values, id -> id + suffix);
    }

    /** The logical id of a table, secret or bucket of this class; other names stay as they are. */
    public static String logicalId(String name) {
        return SUFFIX.matcher(name).replaceFirst("");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        template = Shared.AWS.deploy(template);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Shared.AWS.remove(template);
    }

    /** The template, resolved for these tables. */
    public Template template() {
        return template;
    }

    /** The environment of all functions together, with these further or other values. */
    public Map<String, String> variables(Map<String, String> changes) {
        var variables = new HashMap<>(template.environment());
        variables.putAll(changes);
        return variables;
    }

    /** The value of a variable in the environment of the functions that have it. */
    public String variable(String name) {
        return template.environment().get(name);
    }

    /** The name of the table with this logical id. */
    public String name(String table) {
        return template.table(table).name();
    }

    /** A client of the database that the tables are in. */
    public DynamoDbClient client() {
        return Shared.AWS.dynamoDb();
    }

    /** Sets a secret's value; creates the secret if it does not exist. */
    public void putSecret(String name, String value) {
        Shared.AWS.putSecret(name, value);
    }

    /** Deletes a secret at once. */
    public void deleteSecret(String name) {
        Shared.AWS.deleteSecret(name);
    }

    /** All items of all tables, in a stable order. */
    public List<Map<String, AttributeValue>> items() {
        return Shared.AWS.items(template);
    }

    /** All items of a table. */
    public List<Map<String, AttributeValue>> items(String table) {
        return Shared.AWS.items(template.table(table));
    }

    /** The item with this key: the partition key, and the sort key if the table has one. */
    public Optional<Map<String, AttributeValue>> item(String table, String... key) {
        var found = client().getItem(
                get -> get.tableName(name(table)).consistentRead(true).key(template.table(table).key(key)));
        return found.hasItem() ? Optional.of(found.item()) : Optional.empty();
    }

    /** Writes an item. */
    public void put(String table, Map<String, AttributeValue> item) {
        client().putItem(put -> put.tableName(name(table)).item(item));
    }

    /** Writes the item of this key with these further attributes. */
    public void put(String table, Map<String, AttributeValue> attributes, String... key) {
        var item = new HashMap<>(attributes);
        item.putAll(template.table(table).key(key));
        put(table, item);
    }

    /** Deletes the item of this key. */
    public void delete(String table, String... key) {
        client().deleteItem(delete -> delete.tableName(name(table)).key(template.table(table).key(key)));
    }

    /** Empties all tables. */
    public void clear() {
        for (var table : template.tables()) {
            items(table.id()).forEach(item -> client()
                    .deleteItem(delete -> delete.tableName(table.name()).key(table.keyOf(item))));
        }
    }
}
